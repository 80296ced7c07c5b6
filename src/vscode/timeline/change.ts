/**
 * What a call would do, for the person who is asked about it: the words of a command, the lines of a file. What is shown
 * is bounded, and says how much of it is not shown.
 */
import { analyseCommand } from '../../core/commands/analyse';
import { assertNever } from '../../core/kernel/assertNever';
import { type AnyToolInput, parseCall } from '../../core/tools/contracts';
import { type Change, type ChangeLine, MAX_CHANGE_LINE, MAX_CHANGE_LINES } from '../../protocol/approval';
import { diffLines } from '../../protocol/diff';
import { formatCount } from '../../protocol/format';
import { type ComparedLine, compareLines, linesOf } from './lineDiff';

/** The text of a file as the call would find it; null when there is none, undefined when that is not known. */
export type FileBefore = (path: string) => Promise<string | null | undefined>;

/** Lines around a difference. */
const CONTEXT = 3;

/** What the call would do; null where its arguments say it all, or do not fit the tool. */
export async function changeOf(tool: string, input: string, fileBefore: FileBefore): Promise<Change | null> {
  const call = parseCall(tool, input);
  if (!call.ok) return null;
  return changeOfCall(call.value, fileBefore);
}

async function changeOfCall(call: AnyToolInput, fileBefore: FileBefore): Promise<Change | null> {
  switch (call.tool) {
    case 'run_command':
      return commandOf(call.input.command);
    case 'write_file':
      return written(call.input.path, call.input.content, await fileBefore(call.input.path));
    case 'replace_in_file':
      return replaced(call.input, await fileBefore(call.input.path));
    case 'delete_file':
      return deleted(call.input.path, await fileBefore(call.input.path));
    case 'apply_patch':
      return patched(call.input.patch);
    default:
      return null;
  }
}

function commandOf(line: string): Change {
  const analysis = analyseCommand(line, {});
  switch (analysis.kind) {
    case 'plain':
      return { kind: 'command', line, argv: [...analysis.argv], why: analysis.why };
    case 'refused':
      return { kind: 'command', line, argv: null, why: analysis.why };
    default:
      return assertNever(analysis);
  }
}

const NOT_KNOWN = 'what is there now could not be read';

function written(path: string, content: string, before: string | null | undefined): Change {
  const size = formatCount(linesOf(content).length, 'line');
  if (before === undefined) return lineChange(path, `Writes ${size}; ${NOT_KNOWN}`, compareLines('', content), content);
  if (before === null) return lineChange(path, `Creates the file with ${size}`, compareLines('', content), content);
  if (before === content) return lineChange(path, 'Writes what is there already', [], content);
  const lines = compareLines(before, content);
  return lineChange(path, `Replaces the content: ${counted(lines)}`, lines, content);
}

type Replacement = { readonly path: string; readonly old: string; readonly new: string };

function replaced({ path, old, new: fresh }: Replacement, before: string | null | undefined): Change {
  const times = typeof before === 'string' ? before.split(old).length - 1 : null;
  if (typeof before !== 'string' || times !== 1) {
    const why =
      before === undefined
        ? NOT_KNOWN
        : `the passage occurs ${times ?? 0} times in the file and has to occur once, so that the call will fail`;
    // The passage stands somewhere in the file: its lines have no numbers.
    const lines = compareLines(old, fresh).map((line) => ({ ...line, before: null, after: null }));
    return lineChange(path, `Replaces a passage; ${why}`, lines, fresh);
  }
  const at = before.indexOf(old);
  const after = before.slice(0, at) + fresh + before.slice(at + old.length);
  const lines = compareLines(before, after);
  return lineChange(path, `Replaces a passage: ${counted(lines)}`, lines, after);
}

function deleted(path: string, before: string | null | undefined): Change {
  if (before === undefined) return lineChange(path, `Deletes the file; ${NOT_KNOWN}`, [], '');
  if (before === null) return lineChange(path, 'Deletes a file that is not there, so that the call will fail', [], '');
  const size = formatCount(linesOf(before).length, 'line');
  return lineChange(path, `Deletes the file with ${size}`, compareLines(before, ''), '');
}

function patched(patch: string): Change {
  let [before, after] = [0, 0];
  const lines = diffLines(patch).map(({ kind, text }): ChangeLine => {
    if (kind === 'hunk') {
      const [, old, fresh] = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text) ?? [];
      [before, after] = [Number(old ?? 0), Number(fresh ?? 0)];
    }
    if (kind === 'hunk' || kind === 'head' || text.startsWith('\\')) return lineOf(kind, null, null, text);
    const body = text.slice(1);
    if (kind === 'plus') return lineOf(kind, null, after++, body);
    if (kind === 'minus') return lineOf(kind, before++, null, body);
    return lineOf(kind, before++, after++, body);
  });
  return bounded('', 'Applies the patch', lines);
}

/**
 * The lines that differ with their surroundings; what lies between is left out, and says how much it is. `after` is the whole new text.
 */
export function lineChange(path: string, what: string, compared: readonly ComparedLine[], after: string): Change {
  const lines: ChangeLine[] = [];
  let left = 0;
  for (const [index, line] of compared.entries()) {
    if (line.kind === 'same' && !isNear(compared, index)) {
      left += 1;
      continue;
    }
    if (left > 0) lines.push(skipped(left));
    left = 0;
    lines.push(lineOf(line.kind, line.before, line.after, line.text));
  }
  if (left > 0 && lines.length > 0) lines.push(skipped(left));
  if (after !== '' && !after.endsWith('\n'))
    lines.push(lineOf('head', null, null, 'There is no line feed at the end of the new text.'));
  return bounded(path, what, lines);
}

const isNear = (compared: readonly ComparedLine[], index: number): boolean =>
  compared.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same');

const skipped = (lines: number): ChangeLine => lineOf('hunk', null, null, `${formatCount(lines, 'line')} as before`);

/** How many lines were added and removed, in words. */
export function counted(lines: readonly ComparedLine[]): string {
  const count = (kind: ComparedLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  return `${formatCount(count('plus'), 'line')} added, ${formatCount(count('minus'), 'line')} removed`;
}

function lineOf(kind: ChangeLine['kind'], before: number | null, after: number | null, text: string): ChangeLine {
  const end = ' … (the rest of this line is not shown)';
  const shown = text.length <= MAX_CHANGE_LINE ? text : `${text.slice(0, MAX_CHANGE_LINE - end.length)}${end}`;
  return { kind, before: before === 0 ? null : before, after: after === 0 ? null : after, text: shown };
}

function bounded(path: string, what: string, lines: readonly ChangeLine[]): Change {
  const moreLines = Math.max(0, lines.length - MAX_CHANGE_LINES);
  return { kind: 'file', path, what, lines: lines.slice(0, MAX_CHANGE_LINES), moreLines };
}
