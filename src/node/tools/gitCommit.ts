/** git_commit: the result as a commit on a new branch; the branch that is checked out stays where it is. */
import { isOpenExecError } from '../../core/kernel/errors';
import type { ToolInput } from '../../core/tools/contracts';
import { commitResult } from '../workspace/commit';
import { failure, type ToolAnswer, type ToolContext } from './context';

const SLUG = 40;

export async function gitCommit(context: ToolContext, { message }: ToolInput<'git_commit'>): Promise<ToolAnswer> {
  const { repository, base, call, run, tree, after } = context;
  if (after === null && tree === base.baseTree) return failure('nothing was changed, so there is nothing to commit');
  const taken = await repository.git.run(repository.root, ['show-ref', '--quiet', '--verify', 'refs/heads/openexec'], {
    allowExit: [1],
  });
  // A branch named `openexec` leaves no room for branches below that name.
  const branch = after?.branch ?? branchOf(run, taken.exitCode === 0 ? 'openexec-' : 'openexec/');
  try {
    const at = context.now();
    const parent = after?.commit ?? base.baseCommit;
    const commit = await commitResult(repository, { parent, goesOn: after !== null, tree, branch, message, at });
    const done = commit === after?.commit ? 'nothing was changed since' : 'committed';
    const summary = `${done} ${commit.slice(0, 12)} on ${branch}`;
    const content = JSON.stringify({ branch, commit });
    const data = { call, name: 'commit', kind: 'commit', media: 'application/json', content, summary } as const;
    return { outcome: 'ok', output: summary, events: [{ type: 'artifact.created', data }] };
  } catch (error) {
    if (isOpenExecError(error, 'git_failed')) return failure(error.message);
    throw error;
  }
}

/** `openexec/<first words of the task>-<end of the run's id>`: readable, and unique because run ids end at random. */
function branchOf({ id, task }: { id: string; task: string }, prefix: string): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '');
  const slug =
    plain(task)
      .slice(0, SLUG)
      .replace(/-[^-]*$/, (end) => (plain(task).length > SLUG ? '' : end)) || 'run';
  return `${prefix}${slug}-${plain(id).slice(-6).replace(/^-+/, '')}`;
}
