/**
 * A unified diff as git writes it, read strictly: which files it touches, on both sides, and its hunks. Whatever is not
 * plainly text for regular files is refused, because what is not understood here cannot be decided by a policy.
 */
import { err, ok, type Result } from '../../core/kernel/result';
import { oneLine } from '../../core/kernel/text';

export type PatchFile = {
  /** Null for a file that the patch creates. */
  readonly before: string | null;
  /** Null for a file that it deletes. */
  readonly after: string | null;
  /** The lines of the old file at which its hunks start. */
  readonly hunks: readonly number[];
};

export type Patch = {
  /** How many parts of a path git must leave off: 1 for names with `a/` and `b/`, else 0. */
  readonly strip: 0 | 1;
  readonly files: readonly PatchFile[];
};

type Name = string | null;
type Draft = { old?: Name; fresh?: Name; headers: string[]; hunks: number[] };

const NOTHING = '/dev/null';

/** Reads a patch; the error is one line that says where it is and what is not allowed. */
export function readPatch(text: string): Result<Patch, string> {
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const drafts: Draft[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const draft = drafts.at(-1);
    if (line.startsWith('@@ ')) {
      if (draft?.old === undefined || draft.fresh === undefined) return err(`line ${at + 1}: a hunk without a file`);
      const end = endOfHunk(lines, at);
      if (end === null) return err(`hunk ${draft.hunks.length + 1} of ${nameOf(draft)} (line ${at + 1}): ${COUNTS}`);
      draft.hunks.push(Number(HUNK.exec(line)?.[1] ?? 0));
      at = end;
      continue;
    }
    const problem = header(line, lines[at + 1] ?? '', drafts);
    if (problem !== null) return err(`line ${at + 1}: ${problem}`);
    at++;
  }
  return finish(drafts);
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/;
const COUNTS = 'the numbers of lines in its head are not those of its lines';

/** The line after a hunk, whose lines must be as many as its head says. */
function endOfHunk(lines: readonly string[], start: number): number | null {
  const head = HUNK.exec(lines[start] ?? '');
  if (head === null) return null;
  let [old, fresh] = [Number(head[2] ?? 1), Number(head[3] ?? 1)];
  let at = start + 1;
  for (; old > 0 || fresh > 0 || lines[at]?.startsWith('\\') === true; at++) {
    const mark = lines[at]?.charAt(0);
    // An editor that removes blanks at line ends leaves nothing of an empty line of context.
    const isContext = mark === ' ' || mark === '';
    if (isContext || mark === '-') old--;
    if (isContext || mark === '+') fresh--;
    if (old < 0 || fresh < 0 || !(isContext || mark === '-' || mark === '+' || mark === '\\')) return null;
  }
  return at;
}

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^(?:GIT binary patch|Binary files )/, 'it changes a binary file; a patch is text only'],
  [/^(?:old|new) mode /, 'it changes the mode of a file; only contents can be changed by a patch'],
  [/^(?:new file|deleted file) mode (?!100(?:644|755)$)/, 'it makes or removes what is not a regular file'],
  [/^index \S+ (?!100(?:644|755)$)/, 'it changes what is not a regular file (a symbolic link or a submodule)'],
  [/^copy (?:from|to) /, 'it copies a file; write the copy as a new file'],
  [/"/, 'the name of a file is quoted; names with such characters are not allowed in a patch'],
];
const ALLOWED =
  /^(?:index [0-9a-f]+\.\.[0-9a-f]+(?: \d+)?|(?:similarity|dissimilarity) index \d+%|(?:new|deleted) file mode \d+)$/;

/** One line outside of a hunk; answers what is wrong with it. */
function header(line: string, next: string, drafts: Draft[]): string | null {
  const refused = REFUSED.find(([pattern]) => pattern.test(line));
  if (refused !== undefined) return refused[1];
  const draft = drafts.at(-1);
  if (line.startsWith('diff --git ')) {
    drafts.push({ headers: [line], hunks: [] });
    return null;
  }
  if (line.startsWith('--- ') && next.startsWith('+++ ')) {
    const isBegun = draft !== undefined && draft.headers.length > 0 && draft.old === undefined;
    const current = isBegun ? draft : { headers: [], hunks: [] };
    if (!isBegun) drafts.push(current);
    current.old = nameIn(line);
    return timeBehind(line);
  }
  if (draft === undefined) return 'this is no unified diff; it begins with "diff --git" or "--- "';
  if (line.startsWith('+++ ') && draft.old !== undefined && draft.fresh === undefined) {
    draft.fresh = nameIn(line);
    return timeBehind(line);
  }
  const isHeader = draft.headers.length > 0 && draft.old === undefined;
  if (isHeader && (ALLOWED.test(line) || /^rename (?:from|to) \S/.test(line))) {
    draft.headers.push(line);
    return null;
  }
  return line === '' ? null : `this does not belong into a unified diff: ${oneLine(line, 80)}`;
}

/** git takes a file of the time 0 for one that is not there: with a time behind its name a change can be a deletion. */
const timeBehind = (line: string): string | null =>
  /\t./.test(line) ? 'there is text behind the name of a file; leave the times out of the patch' : null;

/** A name with a blank in it is followed by a tab. */
function nameIn(line: string): Name {
  const name = line.slice(4).split('\t', 1)[0]?.trimEnd() ?? '';
  return name === NOTHING ? null : name;
}

const nameOf = (draft: Draft): string => draft.fresh ?? draft.old ?? 'a file';

function finish(drafts: readonly Draft[]): Result<Patch, string> {
  if (drafts.length === 0) return err('the patch holds no change');
  const named = drafts.flatMap(({ old, fresh }) => [old, fresh]).filter((name) => typeof name === 'string');
  const renames = drafts.flatMap(({ headers }) => headers.filter((line) => line.startsWith('rename ')));
  const prefixed = named.filter((name) => /^[ab]\/./.test(name)).length;
  if (prefixed !== 0 && prefixed !== named.length) return err('some names have the prefix a/ or b/ and some have not');
  // Names of a rename have no prefix; without other names `diff --git a/… b/…` is what git writes.
  const strip = prefixed > 0 || (named.length === 0 && renames.length > 0) ? 1 : 0;
  const files: PatchFile[] = [];
  for (const draft of drafts) {
    const file = fileOf(draft, strip);
    if (!file.ok) return file;
    files.push(file.value);
  }
  return ok({ strip, files });
}

function fileOf({ old, fresh, headers, hunks }: Draft, strip: 0 | 1): Result<PatchFile, string> {
  const of = (what: string): string | null => headers.find((line) => line.startsWith(what))?.slice(what.length) ?? null;
  const [from, to] = [of('rename from '), of('rename to ')];
  if ((from === null) !== (to === null)) return err('a rename names only one side');
  if (old === undefined || fresh === undefined) {
    if (from !== null && to !== null) return ok({ before: from, after: to, hunks });
    return err(`${oneLine(of('diff --git ') ?? 'a file', 200)}: nothing of its content is changed`);
  }
  const plain = (name: Name): Name => (name === null ? null : name.slice(strip === 1 ? 2 : 0));
  const [before, after] = [plain(old), plain(fresh)];
  if (before === null && after === null) return err('a file that is neither before nor after');
  if (hunks.length === 0) return err(`${before ?? after}: there is no hunk`);
  const isSame = before === null || after === null || before === after || (before === from && after === to);
  return isSame ? ok({ before, after, hunks }) : err(`${before} becomes ${after}, but nothing says that it is renamed`);
}

/** Every path that a patch touches, on both sides, each once. */
export const pathsOfPatch = ({ files }: Patch): string[] => [
  ...new Set(files.flatMap(({ before, after }) => [before, after]).filter((path) => path !== null)),
];
