/** What a command did to files that the policy forbids to change: undone, and said. */
import type { ToolAnswer, ToolContext } from './context';

/**
 * Puts protected files back to what they were in `tree`, and makes the answer an error that names them. A command is
 * not confined, so this is done after it has ended; what it only read cannot be undone.
 */
export async function undoProtected(context: ToolContext, tree: string, done: ToolAnswer): Promise<ToolAnswer> {
  const { worktree, root, protectedBy } = context;
  const undone: string[] = [];
  for (const change of await worktree.changes(tree, await worktree.treeOf())) {
    const rule = protectedBy(change.path);
    if (rule === null) continue;
    const env = { ...worktree.env, GIT_LITERAL_PATHSPECS: '1' };
    const args = change.before
      ? ['checkout', '--quiet', tree, '--', change.path]
      : ['rm', '--quiet', '--force', '--', change.path];
    await worktree.git.run(root, args, { env });
    undone.push(`${change.path} (${rule})`);
  }
  if (undone.length === 0) return done;
  const said = `the command changed files that the policy protects, which was undone: ${undone.join(', ')}`;
  return { ...done, outcome: 'error', output: `${said}\n${done.output}` };
}
