/**
 * A unified diff as git writes it, read strictly: which files it touches, on both sides, and its hunks. Whatever is not
 * plainly text for regular files is refused, because what is not understood here cannot be decided by a policy.
 */
import { err, ok, type Result } from '../../core/kernel/result';
import { oneLine } from '../../core/kernel/text';

export type HunkLine = {
  /** Of both sides, only of the old one, only of the new one. */
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
  /** False for what `\\ No newline at end of file` follows. */
  readonly ends: boolean;
};

export type Hunk = {
  /** The line of the old file at which it says that it starts; 0 when there is none before it. */
  readonly start: number;
  readonly lines: readonly HunkLine[];
};

export type PatchFile = {
  /** Null for a file that the patch creates. */
  readonly before: string | null;
  /** Null for a file that it deletes. */
  readonly after: string | null;
  /** The lines before its hunks, as they stand in the patch. */
  readonly headers: readonly string[];
  readonly hunks: readonly Hunk[];
};

export type Patch = {
  /** How many parts of a path git must leave off: 1 for names with `a/` and `b/`, else 0. */
  readonly strip: 0 | 1;
  readonly files: readonly PatchFile[];
};

type Name = string | null;
type Draft = { old?: Name; fresh?: Name; headers: string[]; names: string[]; hunks: Hunk[] };

/** What one patch may hold: more is looked at by nobody. */
const MOST = { files: 300, hunks: 2000 };

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
      if (end === null) {
        const which = `hunk ${draft.hunks.length + 1} of ${nameOf(draft)} (line ${at + 1})`;
        return err(`${which}: ${COUNTS}; ${followingHead(lines, at)}`);
      }
      draft.hunks.push({ start: Number(HUNK.exec(line)?.[1] ?? 0), lines: linesOfHunk(lines.slice(at + 1, end)) });
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

/** What a model that has miscounted needs to know: how many lines stand there up to what looks like the next head. */
function followingHead(lines: readonly string[], start: number): string {
  let [old, fresh] = [0, 0];
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^(?:@@ |diff --git )/.test(line) || (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ '))) break;
    if (!/^(?:[ +\\-]|$)/.test(line)) break;
    if (/^(?:[ -]|$)/.test(line)) old++;
    if (/^(?:[ +]|$)/.test(line)) fresh++;
  }
  return `${old} old and ${fresh} new lines follow it`;
}

/** The lines between the head of a hunk and its end; the note about a missing line end belongs to the one before it. */
function linesOfHunk(lines: readonly string[]): HunkLine[] {
  return lines.flatMap((line, at) => {
    if (line.startsWith('\\')) return [];
    const mark = line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ';
    return [{ mark, text: line.slice(1), ends: lines[at + 1]?.startsWith('\\') !== true } as const];
  });
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
    drafts.push({ headers: [line], names: [], hunks: [] });
    return null;
  }
  if (line.startsWith('--- ') && next.startsWith('+++ ')) {
    const isBegun = draft !== undefined && draft.headers.length > 0 && draft.old === undefined;
    const current: Draft = isBegun ? draft : { headers: [], names: [], hunks: [] };
    if (!isBegun) drafts.push(current);
    current.old = nameIn(line);
    current.names.push(line);
    return timeBehind(line);
  }
  if (draft === undefined) return 'this is no unified diff; it begins with "diff --git" or "--- "';
  if (line.startsWith('+++ ') && draft.old !== undefined && draft.fresh === undefined) {
    draft.fresh = nameIn(line);
    draft.names.push(line);
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
  const hunks = drafts.reduce((sum, draft) => sum + draft.hunks.length, 0);
  if (drafts.length > MOST.files || hunks > MOST.hunks) {
    return err(`the patch is too large: ${MOST.files} files and ${MOST.hunks} hunks are the most; make several of it`);
  }
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
  const twice = namedTwice(files);
  return twice === null ? ok({ strip, files }) : err(`${twice} is named twice; put its hunks below one head`);
}

/** A path that two files of the patch name, or two that differ in case alone: what is applied first would decide. */
function namedTwice(files: readonly PatchFile[]): string | null {
  const seen = new Set<string>();
  for (const { before, after } of files) {
    for (const path of [before, after]) if (path !== null && seen.has(inOneCase(path))) return path;
    for (const path of [before, after]) if (path !== null) seen.add(inOneCase(path));
  }
  return null;
}

const inOneCase = (path: string): string => path.normalize('NFC').toLowerCase();

function fileOf(draft: Draft, strip: 0 | 1): Result<PatchFile, string> {
  const { old, fresh, headers, names, hunks } = draft;
  const whole = [...headers, ...names];
  const of = (what: string): string | null => headers.find((line) => line.startsWith(what))?.slice(what.length) ?? null;
  const [from, to] = [of('rename from '), of('rename to ')];
  if ((from === null) !== (to === null)) return err('a rename names only one side');
  // Where case makes no difference both names are one file, and what is deleted would be what was written.
  if (from !== null && to !== null && from !== to && inOneCase(from) === inOneCase(to))
    return err(`${from} is renamed to ${to}, which differs in case alone`);
  if (old === undefined || fresh === undefined) {
    if (from !== null && to !== null) return ok({ before: from, after: to, headers: whole, hunks });
    return err(`${oneLine(of('diff --git ') ?? 'a file', 200)}: nothing of its content is changed`);
  }
  const plain = (name: Name): Name => (name === null ? null : name.slice(strip === 1 ? 2 : 0));
  const [before, after] = [plain(old), plain(fresh)];
  if (before === null && after === null) return err('a file that is neither before nor after');
  if (hunks.length === 0) return err(`${before ?? after}: there is no hunk`);
  // A head that says rename and then names other files would be decided on those and not on what it renames.
  const isSame =
    from === null ? before === null || after === null || before === after : before === from && after === to;
  if (isSame) return ok({ before, after, headers: whole, hunks });
  if (from !== null) return err(`${from} is renamed to ${to}, but its diff is one of other files`);
  return err(`${before} becomes ${after}, but nothing says that it is renamed`);
}

export type PatchTarget = {
  readonly path: string;
  /** What is needed over it where that is not to write it. */
  readonly needs?: 'repo_delete' | 'repo_read';
};

/**
 * Everything that a patch touches, each once: what it writes, what is not there any more when it was applied, and what it
 * reads to write it elsewhere.
 */
export function targetsOfPatch({ files }: Patch): PatchTarget[] {
  return files.flatMap(({ before, after }): PatchTarget[] => {
    if (before === null || before === after) return after === null ? [] : [{ path: after }];
    const gone: PatchTarget = { path: before, needs: 'repo_delete' };
    return after === null ? [gone] : [gone, { path: before, needs: 'repo_read' }, { path: after }];
  });
}

/** Every path that a patch touches, on both sides, each once. */
export const pathsOfPatch = (patch: Patch): string[] => [...new Set(targetsOfPatch(patch).map(({ path }) => path))];
