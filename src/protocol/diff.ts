/** Unified diffs, line by line. Pure. */

export type DiffLine = {
  readonly number: number;
  readonly text: string;
  readonly kind: 'plus' | 'minus' | 'hunk' | 'head' | 'same';
};

/** True for a unified diff, with or without Git's own head. */
export function isDiff(text: string): boolean {
  return /^diff --git /m.test(text) || (/^--- /m.test(text) && /^\+\+\+ /m.test(text) && /^@@ /m.test(text));
}

/**
 * The lines of a unified diff with what each of them is. Within a hunk, its line counts tell content from heads: a
 * removed line may itself begin with `--`.
 */
export function diffLines(text: string): DiffLine[] {
  let [before, after] = [0, 0];
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  return lines.map((line, index) => {
    const number = index + 1;
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (hunk !== null) {
      [before, after] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
      return { number, text: line, kind: 'hunk' };
    }
    if (before <= 0 && after <= 0) return { number, text: line, kind: 'head' };
    if (line.startsWith('+')) {
      after -= 1;
      return { number, text: line, kind: 'plus' };
    }
    if (line.startsWith('-')) {
      before -= 1;
      return { number, text: line, kind: 'minus' };
    }
    if (!line.startsWith('\\')) [before, after] = [before - 1, after - 1];
    return { number, text: line, kind: 'same' };
  });
}
