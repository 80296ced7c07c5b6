import path from 'node:path';
import { textOf } from '../../core/events/payload';
import { OpenExecError } from '../../core/kernel/errors';
import { pickFolder } from '../folder';
import { askModal } from '../messages';
import type { RunRequest } from '../runs';
import { askForRun } from '../startFlow';
import { begin } from './begin';
import type { CommandContext } from './context';

const HERE = 'Re-run Here';

/** A run that is to be done again: what it was about, and the folder of this window that it is to work on now. */
export type Repeated = {
  readonly runId: string;
  readonly folder: string;
  readonly task: string;
  readonly blueprint: string;
  /** `provider:name`. */
  readonly model: string;
  /** The policy's id. */
  readonly policy: string;
};

/**
 * What a run was about, from its record. Undefined when the person backs out: of the choice of a folder, or because it is not
 * the one that the run worked on. Throws `no_folder` or `untrusted` as a start does.
 */
export async function repeated({ runs }: CommandContext, runId: string): Promise<Repeated | undefined> {
  const first = await runs.event(runId, 0);
  if (first.type !== 'run.started') throw new OpenExecError('run_unknown', `Run ${runId} has no beginning.`);
  const { task, blueprint, model, policy, workspace } = first.data;
  const folder = await pickFolder(workspace.root);
  if (folder === undefined) return undefined;
  if (!isOf(folder, workspace.root)) {
    const what = `This run worked on ${workspace.root}. Do the same task on ${folder}?`;
    if ((await askModal(what, 'You see what the run would be before it starts.', HERE)) !== HERE) return undefined;
  }
  return {
    ...{ runId, folder, task: textOf(task), blueprint: blueprint.id },
    ...{ model: `${model.provider}:${model.name}`, policy: policy.id },
  };
}

/** The questions before a start, filled in; then a run that names the one it repeats. */
export async function rerun(
  context: CommandContext,
  { runId, folder, task, blueprint }: Repeated,
  title: string,
  instead: Pick<RunRequest, 'model' | 'policy'>,
): Promise<void> {
  const { runs, memory, taskDocuments } = context;
  const choice = await askForRun({
    defaults: await runs.defaults(folder, instead.model),
    ...{ folder, memory, documents: taskDocuments, again: { title, task, blueprint } },
    preview: (wanted) => runs.preview({ folder, ...instead, ...wanted }),
  });
  if (choice) await begin(context, { folder, ...instead, ...choice, parent: runId });
}

/** A window may show a part of a repository, or a folder that holds it. */
const isOf = (folder: string, root: string): boolean => isIn(folder, root) || isIn(root, folder);

function isIn(inner: string, outer: string): boolean {
  const inside = path.relative(outer, inner);
  return inside !== '..' && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside);
}
