import type { ToolContext } from './context';

/** A change that git ignores would be in no tree: not shown, not applied, not undone. So it is not made; null when it may be. */
export async function refuseIgnored({ worktree, root, signal }: ToolContext, file: string): Promise<string | null> {
  const options = { env: worktree.env, allowExit: [1], signal };
  const { exitCode } = await worktree.git.run(root, ['check-ignore', '--quiet', '--', file], options);
  return exitCode === 0
    ? `${file}: git ignores it, so a change would not be part of the result; nothing was changed`
    : null;
}
