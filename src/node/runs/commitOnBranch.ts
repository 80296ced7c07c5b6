/** A run's result as one commit on a branch that a person names; HEAD, index and files stay as they are. */
import type { RunSummary } from '../../core/events/summary';
import { isOpenExecError } from '../../core/kernel/errors';
import { changesBetween } from '../workspace/changes';
import { commitResult } from '../workspace/commit';
import type { Repository } from '../workspace/repository';
import { withTrailers } from '../workspace/trailers';

export type BranchCommit = {
  readonly branch: string;
  /** Without the trailers, which name the run and the head of its record. */
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
};

export type CommitOutcome = {
  readonly outcome: 'done' | 'refused';
  /** The paths that the commit changes. */
  readonly files: string[];
  readonly conflicts: string[];
  readonly reason: string;
  readonly branch?: string;
  readonly commit?: string;
};

const refused = (reason: string): CommitOutcome => ({ outcome: 'refused', files: [], conflicts: [], reason });

/**
 * Commits the result on top of the commit that the run started from and makes the branch. Refused when the run changed
 * nothing, when the name is none for a branch, when there is such a branch already, or when git says why not. The trailer
 * `OpenExec-Head` is the hash of the last event before the commit was asked for.
 */
export async function commitOnBranch(
  repository: Repository,
  { runId, head, baseCommit, baseTree, tree }: RunSummary,
  { branch, message, at }: BranchCommit,
): Promise<CommitOutcome> {
  const { root, git } = repository;
  const allowExit = [1, 128];
  const valid = await git.run(root, ['check-ref-format', `refs/heads/${branch}`], { allowExit });
  if (valid.exitCode !== 0 || branch.startsWith('-')) return refused(`"${branch}" is no name for a branch`);
  const ref = ['show-ref', '--quiet', '--verify', `refs/heads/${branch}`];
  if ((await git.run(root, ref, { allowExit })).exitCode === 0) {
    return refused(`there is a branch ${branch} already; choose another name`);
  }
  try {
    const changes = tree === null ? [] : await changesBetween(git, root, baseTree, tree);
    if (tree === null || changes.length === 0) return refused('the run changed nothing, so there is nothing to commit');
    const trailers = [['OpenExec-Run', runId] as const, ['OpenExec-Head', head] as const];
    const full = withTrailers(message, trailers);
    const request = { parent: baseCommit, goesOn: false, tree, branch, message: full, at };
    const commit = await commitResult(repository, request);
    return { outcome: 'done', files: changes.map(({ path }) => path), conflicts: [], reason: '', branch, commit };
  } catch (error) {
    // Such as a branch `openexec`, which leaves no room for branches below that name, or a commit that is gone.
    if (isOpenExecError(error, 'git_failed')) return refused(error.message);
    throw error;
  }
}
