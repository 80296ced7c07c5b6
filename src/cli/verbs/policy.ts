import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import { problemLine } from '../../core/kernel/yaml';
import { inspectPolicy, inspectToolset } from '../../core/policy/inspect';
import { createGit } from '../../node/git/git';
import { findPolicy, policyKnown } from '../../node/policy/load';
import { policyFiles } from '../../node/policy/places';
import { type Action, type ActionVerdict, actionSchema, checkActions } from '../../node/runs/checkAction';
import { idOrFile, ROOT, workspaceOf } from '../compose';
import { EXIT } from '../exit';
import { type Flags, parseFlags, required, text } from '../flags';
import { print } from '../output';

/** `policy check`: what a policy says about actions; `policy lint`: what is wrong with a policy or toolset file. */
export async function policy(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  switch (verb) {
    case 'check':
      return check(parseFlags(rest, 'policy check', 0));
    case 'lint':
      return lint(parseFlags(rest, 'policy lint', 1, 'the file of a policy or toolset, or the id of a shipped policy'));
    default: {
      const given = verb === undefined ? 'nothing' : `"${verb}"`;
      throw new OpenExecError('usage', `policy is followed by what to do, and that is: check, lint; got ${given}`);
    }
  }
}

const filesOfLayers = () => policyFiles(process.platform, process.env, os.homedir());

async function check(flags: Flags): Promise<number> {
  const file = text(flags, 'actions');
  const one = text(flags, 'action');
  if ((file === undefined) === (one === undefined))
    throw new OpenExecError('usage', 'either --action JSON or --actions FILE is wanted');
  const actions = file === undefined ? [parseAction(one ?? '', '--action')] : await actionsIn(file);
  const toolset = text(flags, 'toolset');
  const verdicts = await checkActions(actions, {
    folder: workspaceOf(flags),
    policy: idOrFile(required(flags, 'policy')),
    ...(toolset === undefined ? {} : { toolset: idOrFile(toolset) }),
    assets: ROOT,
    policyFiles: filesOfLayers(),
    environment: process.env,
    git: createGit({ environment: process.env }),
  });
  const [first] = verdicts;
  if (file !== undefined) process.stdout.write(verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join(''));
  else if (first) print(flags, first, wordsOf);
  return EXIT.ok;
}

/** The actions of a file, one a line; empty lines are passed over. Throws `usage` for the first that is none. */
async function actionsIn(file: string): Promise<Action[]> {
  const content = await readFile(path.resolve(file), 'utf8').catch((cause: unknown) => {
    throw new OpenExecError('usage', `the file ${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  return content
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [parseAction(line, `${file}:${at + 1}`)]));
}

function parseAction(line: string, where: string): Action {
  const wanted = 'an action is JSON as {"tool": "read_file", "input": {"path": "README.md"}}';
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new OpenExecError('usage', `${where}: this is not JSON; ${wanted}`, { cause });
  }
  const action = actionSchema.safeParse(json);
  if (!action.success) throw new OpenExecError('usage', `${where}: ${wanted}`);
  return action.data;
}

const wordsOf = ({ decision, rule, reason, capability, snapshot }: ActionVerdict): string =>
  `${decision}: ${reason}\nrule ${rule}, capability ${capability}, snapshot ${snapshot}`;

async function lint(flags: Flags): Promise<number> {
  const places = { assets: ROOT, workspace: workspaceOf(flags) };
  const { file, text: content } = await findPolicy(idOrFile(flags.names[0] ?? ''), places);
  const isToolset = path.basename(path.dirname(file)) === 'toolsets';
  const id = path.basename(file).replace(/\.ya?ml$/, '');
  const problems = !content.ok
    ? content.error
    : isToolset
      ? inspectToolset(content.value, id).problems
      : inspectPolicy(content.value, await policyKnown(file, filesOfLayers(), places)).problems;
  const ok = !problems.some(({ severity }) => severity === 'error');
  print(flags, { ok, problems }, (report) =>
    report.problems.length === 0
      ? 'nothing is wrong with it'
      : report.problems.map((problem) => lineOf(file, problem)).join('\n'),
  );
  return ok ? EXIT.ok : EXIT.failed;
}

/** `file:line:column severity message`, the file as a person in this folder names it. */
function lineOf(file: string, problem: Parameters<typeof problemLine>[1]): string {
  const here = path.relative('.', file);
  const shown = here.startsWith('..') ? file : here;
  return problemLine(shown, { ...problem, message: `${problem.severity} ${problem.message}` });
}
