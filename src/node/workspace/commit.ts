/** A run's result as a commit on a branch of its own; the branch that is checked out is not moved. */
import { OPENEXEC_IDENTITY, type Repository } from './repository';

export type CommitRequest = {
  readonly parent: string;
  /** True when the parent is what the branch is at: the run has made it. Else the branch is a new one. */
  readonly goesOn: boolean;
  readonly tree: string;
  /** The branch's name without `refs/heads/`. */
  readonly branch: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
};

/**
 * Commits a tree on top of its parent and creates the branch, or moves the one that is at the parent; answers the parent
 * when a branch that goes on holds that tree already. `git_failed` when the branch is at something else, unless that is
 * this very commit, made earlier: then the run broke off after it had committed. Author and committer are the person's as
 * git knows them, else OpenExec. Hooks do not run and nothing is signed.
 */
export async function commitResult({ root, git }: Repository, request: CommitRequest): Promise<string> {
  const { parent, goesOn, tree, branch, message, at } = request;
  if (goesOn && (await git.run(root, ['rev-parse', `${parent}^{tree}`])).stdout.trim() === tree) return parent;
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
  const commit = (await git.run(root, ['commit-tree', tree, '-p', parent, '-F', '-'], { env, input })).stdout.trim();
  // The empty old value means: only if there is no such branch.
  await git.run(root, ['update-ref', `refs/heads/${branch}`, commit, goesOn ? parent : '']);
  return commit;
}

/** The commit of the branch, if it is the very one that is asked for. */
async function madeBefore({ root, git }: Repository, request: CommitRequest): Promise<string | null> {
  const args = ['log', '-1', '--format=%H%n%T%n%P%n%B', `refs/heads/${request.branch}`, '--'];
  const { stdout } = await git.run(root, args, { allowExit: [128] });
  const [commit = '', tree, parents, ...message] = stdout.split('\n');
  const same = tree === request.tree && parents === request.parent;
  return same && message.join('\n').trim() === request.message.trim() ? commit : null;
}
