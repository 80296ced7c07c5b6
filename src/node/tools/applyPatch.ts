/** apply_patch: a unified diff onto the files of the work tree, whole or not at all. */
import { isOpenExecError } from '../../core/kernel/errors';
import type { ToolInput } from '../../core/tools/contracts';
import { answer, failure, type ToolAnswer, type ToolContext } from './context';
import { refuseIgnored } from './ignored';
import { type Patch, pathsOfPatch, readPatch } from './patch';

/**
 * `targets` are the resolved paths that the policy has decided on, in the order of `pathsOfPatch`. git applies the patch,
 * so that line ends and filters are those of the repository; it writes nothing unless every hunk fits.
 */
export async function applyPatch(
  context: ToolContext,
  { patch: text }: ToolInput<'apply_patch'>,
  targets: readonly string[],
): Promise<ToolAnswer> {
  const patch = readPatch(text);
  if (!patch.ok) return failure(`the patch was refused: ${patch.error}; nothing was changed`);
  const paths = pathsOfPatch(patch.value);
  const link = paths.find((path, at) => path !== targets[at]);
  if (link !== undefined) return failure(`${link}: it leads elsewhere through a symbolic link; nothing was changed`);
  for (const path of deletedBy(patch.value)) {
    const rule = context.deletionKeptBy(path);
    if (rule !== null) return failure(`${path}: the rule ${rule} does not let a patch delete it; nothing was changed`);
  }
  for (const path of paths) {
    const ignored = await refuseIgnored(context, path);
    if (ignored !== null) return failure(ignored);
  }
  try {
    const stray = await strayPath(context, text, patch.value);
    if (stray !== null) return failure(`git reads the patch as one of ${stray}, which it does not name plainly`);
    if (!(await isAsDecided(context, text, patch.value))) {
      return failure('git would create, delete or rename other files than the patch says; nothing was changed');
    }
    context.signal.throwIfAborted();
    await git(context, text, patch.value, ['--whitespace=nowarn']);
  } catch (error) {
    if (context.signal.aborted || !isOpenExecError(error, 'git_failed')) throw error;
    return failure(`the patch does not apply: ${reasonOf(error.message, patch.value)}; nothing was changed`);
  }
  const { length } = patch.value.files;
  const hunks = patch.value.files.reduce((sum, file) => sum + file.hunks.length, 0);
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return answer([`applied ${count(hunks, 'hunk')} to ${count(length, 'file')}`, ...paths].join('\n'));
}

/** What is not there any more under its name when the patch was applied. */
const deletedBy = ({ files }: Patch): string[] =>
  files.flatMap(({ before, after }) => (before !== null && before !== after ? [before] : []));

/** Not ended by the call's signal: stopped in the middle of writing, git would leave some files changed and some not. */
function git({ worktree, root }: ToolContext, input: string, { strip }: Patch, args: readonly string[]) {
  const plain = input.replace(/\r\n/g, '\n');
  const whole = plain.endsWith('\n') ? plain : `${plain}\n`;
  return worktree.git.run(root, ['apply', `-p${strip}`, ...args, '-'], { env: worktree.env, input: whole });
}

/** A path that git finds in the patch and we did not: then it was decided on another patch than would be applied. */
async function strayPath(context: ToolContext, text: string, patch: Patch): Promise<string | null> {
  const known = new Set(pathsOfPatch(patch));
  const { stdout } = await git(context, text, patch, ['--numstat', '-z', '--whitespace=nowarn']);
  const seen = stdout.split('\0').filter((row) => row !== '');
  const paths = seen.map((row) => row.split('\t').slice(2).join('\t'));
  if (paths.length !== patch.files.length) return `${paths.length} files`;
  return paths.find((path) => !known.has(path)) ?? null;
}

/**
 * Whether git, looking at the work tree as well, creates, deletes and renames just what was decided: its own summary of
 * what it is about to do, compared line by line. A change of what is not there would be a creation.
 */
async function isAsDecided(context: ToolContext, text: string, patch: Patch): Promise<boolean> {
  const { stdout } = await git(context, text, patch, ['--check', '--summary', '--whitespace=nowarn']);
  const told = stdout
    .split('\n')
    .flatMap((line) => /^ (create|delete) mode \d{6} (.+)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
  const renamed = stdout.split('\n').filter((line) => line.startsWith(' rename ')).length;
  const decided = patch.files.flatMap(({ before, after }) => {
    if (before === null) return [`create ${after}`];
    return after === null ? [`delete ${before}`] : [];
  });
  const renames = patch.files.filter(({ before, after }) => before !== null && after !== null && before !== after);
  return renamed === renames.length && told.sort().join('\n') === decided.sort().join('\n');
}

/** git names the file and the line of the hunk's head; a person counts hunks. */
function reasonOf(message: string, { files }: Patch): string {
  const said = message.replace(/^git apply: (?:error: )?/, '');
  const [, path, line = ''] = /^patch failed: (.+):(\d+)$/.exec(said) ?? [];
  const file = files.find(({ before, after }) => path !== undefined && (before === path || after === path));
  const hunk = file?.hunks.indexOf(Number(line)) ?? -1;
  if (file === undefined || hunk < 0) return said;
  return `hunk ${hunk + 1} of ${file.hunks.length} of ${path} (at line ${line}) does not fit the file`;
}
