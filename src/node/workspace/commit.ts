/** A run's result as a commit on a branch of its own; the branch that is checked out is not moved. */
import { OPENEXEC_IDENTITY, type Repository } from './repository';

export type CommitRequest = {
  readonly baseCommit: string;
  readonly tree: string;
  /** The new branch's name without `refs/heads/`. */
  readonly branch: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
};

/**
 * Commits a tree on top of the base and creates the branch; `git_failed` when a branch of that name exists, unless it
 * is this very commit, made earlier: then the run broke off after it had committed. Author and committer are the
 * person's as git knows them, else OpenExec. Hooks do not run and nothing is signed.
 */
export async function commitResult({ root, git }: Repository, request: CommitRequest): Promise<string> {
  const { baseCommit, tree, branch, message, at } = request;
  const earlier = await madeBefore({ root, git }, request);
  if (earlier !== null) return earlier;
  const setting = async (name: string) =>
    (await git.run(root, ['config', '--get', name], { allowExit: [1] })).stdout.trim();
  const name = (await setting('user.name')) || OPENEXEC_IDENTITY.name;
  const email = (await setting('user.email')) || OPENEXEC_IDENTITY.email;
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: at,
  };
  const input = message.endsWith('\n') ? message : `${message}\n`;
  const commit = (
    await git.run(root, ['commit-tree', tree, '-p', baseCommit, '-F', '-'], { env, input })
  ).stdout.trim();
  // The empty old value means: only if there is no such branch.
  await git.run(root, ['update-ref', `refs/heads/${branch}`, commit, '']);
  return commit;
}

/** The commit of the branch, if it is the very one that is asked for. */
async function madeBefore({ root, git }: Repository, request: CommitRequest): Promise<string | null> {
  const args = ['log', '-1', '--format=%H%n%T%n%P%n%B', `refs/heads/${request.branch}`, '--'];
  const { stdout } = await git.run(root, args, { allowExit: [128] });
  const [commit = '', tree, parents, ...message] = stdout.split('\n');
  const same = tree === request.tree && parents === request.baseCommit;
  return same && message.join('\n').trim() === request.message.trim() ? commit : null;
}
