/** apply_patch: a unified diff onto the files of the work tree, whole or not at all. */
import { isOpenExecError } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';
import type { ToolInput } from '../../core/tools/contracts';
import { answer, failure, type ToolAnswer, type ToolContext } from './context';
import { fitHunks, type Placed } from './fitHunks';
import { refuseIgnored } from './ignored';
import { readOpened } from './opened';
import { type Patch, type PatchFile, pathsOfPatch, readPatch, targetsOfPatch } from './patch';
import { FILE_LIMIT, isBinary } from './text';

/**
 * `targets` are the resolved paths that the policy has decided on, in the order of `targetsOfPatch`. Each hunk is first
 * fitted to its file; then git applies what came out, so that line ends and filters are those of the repository; it
 * writes nothing unless everything fits.
 */
export async function applyPatch(
  context: ToolContext,
  { patch: text }: ToolInput<'apply_patch'>,
  targets: readonly string[],
): Promise<ToolAnswer> {
  const patch = readPatch(text);
  if (!patch.ok) return failure(`the patch was refused: ${patch.error}; nothing was changed`);
  const moved = targetsOfPatch(patch.value).find(({ path }, at) => path !== targets[at]);
  if (moved !== undefined) {
    return failure(
      `${moved.path}: it leads elsewhere through a symbolic link or has another spelling; nothing was changed`,
    );
  }
  const paths = pathsOfPatch(patch.value);
  for (const path of paths) {
    const ignored = await refuseIgnored(context, path);
    if (ignored !== null) return failure(ignored);
  }
  const exact = await exactPatch(context, patch.value);
  if (!exact.ok) return failure(`the patch does not apply: ${exact.error}; nothing was changed`);
  try {
    const stray = await strayPath(context, exact.value.bytes, patch.value);
    if (stray !== null) return failure(`git reads the patch as one of ${stray}, which it does not name plainly`);
    if (!(await isAsDecided(context, exact.value.bytes, patch.value))) {
      return failure('git would create, delete or rename other files than the patch says; nothing was changed');
    }
    context.signal.throwIfAborted();
    await git(context, exact.value.bytes, patch.value, ['--whitespace=nowarn']);
  } catch (error) {
    if (context.signal.aborted || !isOpenExecError(error, 'git_failed')) throw error;
    const said = error.message.replace(/^git apply: (?:error: )?/, '');
    return failure(`the patch does not apply: ${said}; nothing was changed`);
  }
  return answer([summaryOf(patch.value), ...paths, ...exact.value.notes].join('\n'));
}

function summaryOf({ files }: Patch): string {
  const hunks = files.reduce((sum, file) => sum + file.hunks.length, 0);
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return `applied ${count(hunks, 'hunk')} to ${count(files.length, 'file')}`;
}

type Exact = {
  readonly bytes: Buffer;
  /** Where hunks were placed that were not where the patch says. */
  readonly notes: readonly string[];
};

/** The patch with hunks that fit the files as they are now; the heads of its files stay as they were read. */
async function exactPatch(context: ToolContext, { files }: Patch): Promise<Result<Exact, string>> {
  const parts: Buffer[] = [];
  const notes: string[] = [];
  for (const file of files) {
    context.signal.throwIfAborted();
    const fitted = file.before === null ? wholeFile(file) : await fittedTo(context, file, file.before);
    if (!fitted.ok) return fitted;
    parts.push(Buffer.from(`${file.headers.join('\n')}\n`, 'utf8'), fitted.value.bytes);
    notes.push(...fitted.value.notes);
  }
  return ok({ bytes: Buffer.concat(parts), notes });
}

/** What a new file holds: every line of it is new. */
function wholeFile({ after, hunks }: PatchFile): Result<Exact, string> {
  const lines = hunks[0]?.lines ?? [];
  if (hunks.length !== 1 || lines.some(({ mark }) => mark !== '+')) {
    return err(`${after} is created, but a hunk of it names lines that should be there`);
  }
  const body = lines.map(({ text, ends }) => `+${text}\n${ends ? '' : '\\ No newline at end of file\n'}`);
  return ok({ bytes: Buffer.from(`@@ -0,0 +1,${lines.length} @@\n${body.join('')}`, 'utf8'), notes: [] });
}

/** The hunks of a file that is there. A file with several names is left alone: the others would part from it. */
async function fittedTo({ root }: ToolContext, file: PatchFile, path: string): Promise<Result<Exact, string>> {
  if (file.hunks.length === 0) return ok({ bytes: Buffer.alloc(0), notes: [] });
  const opened = await readOpened(root, path, FILE_LIMIT);
  if (!opened.ok) return err(`${path}: ${opened.error}`);
  if (isBinary(opened.value.bytes)) return err(`${path}: it is a binary file`);
  const fitted = fitHunks(opened.value.bytes, file.hunks);
  if (!fitted.ok) return err(fitted.error.replace('FILE', () => path));
  const { text, placed, leavesNothing } = fitted.value;
  if (text === '') return err(`${path}: its hunks change nothing`);
  if (file.after === null && !leavesNothing) return err(`${path} is deleted, but not all of its lines are taken away`);
  const notes = placed.filter(({ said, at }) => said !== at).map((place) => noteOf(path, place));
  return ok({ bytes: Buffer.from(text, 'latin1'), notes });
}

const noteOf = (path: string, { hunk, said, at }: Placed): string =>
  `${path}: hunk ${hunk} was placed at line ${at}, where its lines are; the patch says line ${said}`;

/** Not ended by the call's signal: stopped in the middle of writing, git would leave some files changed and some not. */
function git({ worktree, root }: ToolContext, input: Uint8Array, { strip }: Patch, args: readonly string[]) {
  return worktree.git.run(root, ['apply', `-p${strip}`, ...args, '-'], { env: worktree.env, input });
}

/** A path that git finds in the patch and we did not: then it was decided on another patch than would be applied. */
async function strayPath(context: ToolContext, bytes: Uint8Array, patch: Patch): Promise<string | null> {
  const known = new Set(pathsOfPatch(patch));
  const { stdout } = await git(context, bytes, patch, ['--numstat', '-z', '--whitespace=nowarn']);
  const seen = stdout.split('\0').filter((row) => row !== '');
  const paths = seen.map((row) => row.split('\t').slice(2).join('\t'));
  if (paths.length !== patch.files.length) return `${paths.length} files`;
  return paths.find((path) => !known.has(path)) ?? null;
}

/**
 * Whether git, looking at the work tree as well, creates, deletes and renames just what was decided: its own summary of
 * what it is about to do, compared line by line. A change of what is not there would be a creation.
 */
async function isAsDecided(context: ToolContext, bytes: Uint8Array, patch: Patch): Promise<boolean> {
  const { stdout } = await git(context, bytes, patch, ['--check', '--summary', '--whitespace=nowarn']);
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
