import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import { type PlannedTask, planTasks } from '../../node/gatekeeper/planTasks';
import { classifierOf } from '../../node/gatekeeper/shipped';
import { createGit } from '../../node/git/git';
import { policyFiles } from '../../node/policy/places';
import { idOrFile, ROOT, workspaceOf } from '../compose';
import { EXIT } from '../exit';
import { parseFlags, text } from '../flags';
import { print } from '../output';

/** `plan`: what the gatekeeper makes of a task, or of each task of a file; nothing is started, recorded or sent. */
export async function plan(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'plan', 0);
  const file = text(flags, 'tasks');
  const one = text(flags, 'task');
  if ((file === undefined) === (one === undefined))
    throw new OpenExecError('usage', 'either --task TEXT or --tasks FILE.jsonl is wanted');
  const tasks = file === undefined ? [one ?? ''] : await tasksIn(file);
  const classifier = classifierOf(ROOT);
  try {
    const planned = await planTasks(
      { folder: workspaceOf(flags), tasks, policy: idOrFile(text(flags, 'policy') ?? 'standard') },
      {
        git: createGit({ environment: process.env }),
        classifier,
        environment: process.env,
        assets: ROOT,
        policyFiles: policyFiles(process.platform, process.env, os.homedir()),
      },
    );
    const [first] = planned;
    if (file !== undefined) {
      process.stdout.write(planned.map((each) => `${JSON.stringify(documentOf(each))}\n`).join(''));
    } else if (first) print(flags, documentOf(first), () => wordsOf(first));
    return EXIT.ok;
  } finally {
    await classifier.close();
  }
}

const taskLine = z.looseObject({ text: z.string().refine((task) => task.trim() !== '') });

/** The tasks of a file, one a line; empty lines are passed over. Throws `usage` for the first that is none. */
async function tasksIn(file: string): Promise<string[]> {
  const content = await readFile(path.resolve(file), 'utf8').catch((cause: unknown) => {
    throw new OpenExecError('usage', `the file ${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  // Some editors begin a file with a mark of its byte order.
  return content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [taskIn(line, `${file}:${at + 1}`)]));
}

function taskIn(line: string, where: string): string {
  const wanted = 'a task is JSON as {"text": "Fix the rounding of invoices"}';
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new OpenExecError('usage', `${where}: this is not JSON; ${wanted}`, { cause });
  }
  const task = taskLine.safeParse(json);
  if (!task.success) throw new OpenExecError('usage', `${where}: ${wanted}`);
  return task.data.text;
}

/** The document of cli.md: its members and their order are what other programs rely on. */
function documentOf({ plan: found, model, ms }: PlannedTask) {
  const { mode, intent, surface, toolset, zones, excluded, sensitivity, risk, route, confidence, reasons } = found;
  const { id, sha256 } = model;
  const decided = { mode, intent, surface, toolset, zones, excluded, sensitivity, risk, route, confidence, reasons };
  return { ...decided, model: { id, sha256 }, ms };
}

const GLOBS_SHOWN = 8;

function wordsOf({ plan: found, model, problem }: PlannedTask): string {
  const { mode, intent, surface, blueprint, toolset, zones, excluded, sensitivity, risk, route, confidence } = found;
  const globs = (all: readonly string[]): string =>
    `${all.slice(0, GLOBS_SHOWN).join(', ')}${all.length > GLOBS_SHOWN ? ` and ${all.length - GLOBS_SHOWN} more` : ''}`;
  return [
    `${intent} (${confidence.toFixed(2)}${found.unsure === true ? ', not sure' : ''}), ${surface}, mode ${mode}`,
    `sensitivity ${sensitivity}, route ${route}, risk ${risk.length === 0 ? 'none' : risk.join(', ')}`,
    `blueprint ${blueprint}, toolset ${toolset}`,
    `zones: ${globs(zones)}`,
    `excluded: ${excluded.length === 0 ? 'nothing' : globs(excluded)}`,
    `model: ${model.id}${model.sha256 === null ? '' : ` ${model.sha256.slice(0, 12)}`}`,
    ...(problem === null ? [] : [`no answer: ${problem}`]),
    ...found.reasons.map((reason) => `- ${reason}`),
  ].join('\n');
}
