import path from 'node:path';
import { inspectBlueprint } from '../../core/blueprint/inspect';
import type { Blueprint } from '../../core/blueprint/schema';
import type { Bound } from '../../core/events/parts';
import { OpenExecError } from '../../core/kernel/errors';
import type { Result } from '../../core/kernel/result';
import { type Problem, problemLine } from '../../core/kernel/yaml';
import { boundOf } from '../../core/run/budget';
import type { ModelSetup } from '../../node/models/select';
import { parseModelSpec, providersOf } from '../../node/models/spec';
import { priceOfSpec } from '../../node/runs/blueprintFacts';
import { findBlueprint, knownNames } from '../../node/runs/catalogue';
import { worstCaseWords } from '../../protocol/worstCaseWords';
import { idOrFile, ROOT, workspaceOf } from '../compose';
import { EXIT } from '../exit';
import { type Flags, parseFlags, text } from '../flags';
import { cliModels } from '../models';
import { print } from '../output';

/** `blueprint check`: the problems of a blueprint with line and column, and the worst case of one that has no errors. */
export async function blueprint(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'check') {
    const given = verb === undefined ? 'nothing' : `"${verb}"`;
    throw new OpenExecError('usage', `blueprint is followed by what to do, and that is: check; got ${given}`);
  }
  return check(parseFlags(rest, 'blueprint check', 1, 'the file of a blueprint or the id of a shipped one'));
}

async function check(flags: Flags): Promise<number> {
  const { setup } = await cliModels(flags);
  const spec = modelOf(flags, setup);
  const places = { assets: ROOT, workspace: workspaceOf(flags) };
  const found = await findBlueprint(idOrFile(flags.names[0] ?? ''), places);
  const looked = found.text.ok
    ? inspectBlueprint(found.text.value, await knownNames(places, providersOf(setup.settings)), found.file)
    : { blueprint: null, problems: found.text.error };
  const bound = looked.blueprint && boundFor(looked.blueprint, setup, spec);
  const problems = bound?.ok === false ? [...looked.problems, unbounded(bound.error)] : looked.problems;
  const ok = !problems.some(({ severity }) => severity === 'error');
  print(flags, { ok, problems, ...(bound?.ok ? { bound: bound.value } : {}) }, (report) =>
    [...report.problems.map((problem) => lineOf(found.file, problem)), ...wordsOf(report.bound)].join('\n'),
  );
  return ok ? EXIT.ok : EXIT.failed;
}

/** The model that prices the bound, or undefined; throws `model_unconfigured` for what is no model. */
function modelOf(flags: Flags, { settings }: ModelSetup): string | undefined {
  const model = text(flags, 'model');
  const spec = model === undefined ? null : parseModelSpec(model, settings);
  if (spec?.ok === false) throw new OpenExecError(spec.error.code, spec.error.message);
  return model;
}

/** The worst case at the list price of the model that was named, else of the one that the blueprint names. */
function boundFor(of: Blueprint, setup: ModelSetup, model = of.model): Result<Bound, string> {
  return boundOf(of, model === undefined ? null : priceOfSpec(model, setup));
}

const unbounded = (message: string): Problem => ({ line: 1, column: 1, severity: 'error', message });

/** `file:line:column severity message`, the file as a person in this folder names it. */
function lineOf(file: string, problem: Problem): string {
  const here = path.relative('.', file);
  const shown = here.startsWith('..') ? file : here;
  return problemLine(shown, { ...problem, message: `${problem.severity} ${problem.message}` });
}

function wordsOf(bound: Bound | undefined): string[] {
  if (bound === undefined) return [];
  return [`worst case: ${worstCaseWords(bound)}, ${bound.minutes} min`];
}
