/** What the parsers of findings have in common. */
import { oneLine } from '../../kernel/text';
import { numberOf, tidyPath } from '../lines';
import type { FindingsReport } from '../report';

export type Finding = FindingsReport['findings'][number];

/** What one tool says, with the totals of its own summary where it prints them. */
export type Found = {
  readonly tool: string;
  readonly findings: readonly Finding[];
  readonly errors?: number;
  readonly warnings?: number;
};

/** The tools that are told of in an output; `text` is the same as the lines, not cut. */
export type FindingsFormat = (lines: readonly string[], text: string) => readonly Found[];

const FILE = 300;
const RULE = 100;

/** A finding out of the parts that a pattern matched. */
export function finding(
  severity: Finding['severity'],
  place: { file: string; line?: string | undefined; column?: string | undefined },
  rule: string | null,
  message: string,
): Finding {
  return {
    file: oneLine(tidyPath(place.file), FILE),
    line: numberOf(place.line),
    column: numberOf(place.column),
    severity,
    rule: rule === null ? null : oneLine(rule, RULE),
    message: oneLine(message.trim()),
  };
}

/** Severities as tools write them. */
export function severityOf(word: string): Finding['severity'] {
  const plain = word.toLowerCase();
  if (plain.endsWith('error')) return 'error';
  return plain.startsWith('warn') ? 'warning' : 'info';
}

/** The sum of the numbers that a pattern with one group finds in lines; undefined when no line has one. */
export function totalOf(lines: readonly string[], pattern: RegExp): number | undefined {
  const numbers = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return numbers.length === 0 ? undefined : numbers.reduce((sum, digits) => sum + Number(digits), 0);
}
