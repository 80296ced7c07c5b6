/** mocha: the epilogue that all its reporters for people share (`2 passing (20ms)`, `1 pending`, `1 failing`). */
import { messageFrom, placeIn } from '../lines';
import { atLeast, failed, lastOf, passage, type Tally, type TestFailure, type TestFormat } from './format';

export const MOCHA: TestFormat = {
  commands: ['mocha'],
  read(lines) {
    const told = lines.map((line) => Number(/^ {2}(\d{1,9}) failing$/.exec(line)?.[1] ?? 0));
    const tally = atLeast(lastOf(lines.flatMap((_, at) => epilogueAt(lines, at))), Math.max(0, ...told));
    return tally === null ? null : { tool: 'mocha', ...tally, failures: failuresIn(lines) };
  },
};

function epilogueAt(lines: readonly string[], at: number): Tally[] {
  const passing = /^ {2}(\d{1,9}) passing \([^()]+\)$/.exec(lines[at] ?? '')?.[1];
  if (passing === undefined) return [];
  const rest = passage(lines, at + 1, (line) => !/^ {2}\d{1,9} (?:pending|failing)$/.test(line), 2);
  const of = (word: string): number =>
    Number(
      rest
        .find((line) => line.endsWith(word))
        ?.trim()
        .split(' ', 1)[0] ?? 0,
    );
  return [{ passed: Number(passing), failed: of('failing'), skipped: of('pending') }];
}

/** After the epilogue: `  1) suite`, the deeper titles up to one that ends with a colon, and the error. */
function failuresIn(lines: readonly string[]): TestFailure[] {
  const start = lines.findLastIndex((line) => /^ {2}\d{1,9} failing$/.test(line));
  if (start < 0) return [];
  return lines.slice(start).flatMap((line, from) => {
    const first = /^ {2}\d{1,6}\) (.+)$/.exec(line)?.[1];
    if (first === undefined) return [];
    const at = start + from;
    const deeper = first.endsWith(':') ? [] : titles(lines, at + 1);
    const names = [first, ...deeper].map((title) => title.trim());
    const told = passage(lines, at + 1 + deeper.length, (next) => /^ {2}\d{1,6}\) /.test(next));
    const place = placeIn(told.filter((next) => /^ +at /.test(next)));
    return [failed(names.join(' ').replace(/:$/, ''), place, messageFrom(told))];
  });
}

function titles(lines: readonly string[], from: number): string[] {
  const above = passage(lines, from, (line) => !/^ {5,}\S/.test(line), 20);
  const last = above.findIndex((line) => line.endsWith(':'));
  return above.slice(0, last + 1);
}
