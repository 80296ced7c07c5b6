/** biome: check, lint and format. Each finding has a head line that ends in a rule of `━`, and a marked message below. */
import { type Finding, type FindingsFormat, finding, totalOf } from './format';

const CHECKED = /^Checked \d{1,9} files? in \S+\./;
const SEVERITIES: Readonly<Record<string, Finding['severity']>> = {
  '×': 'error',
  '✖': 'error',
  '!': 'warning',
  '⚠': 'warning',
};

export const biome: FindingsFormat = (lines) => {
  const findings = lines.flatMap((line, at) => {
    if (!line.endsWith('━━')) return [];
    const head = line
      .slice(0, line.indexOf('━'))
      .trim()
      .replace(/(?: +[A-Z]{4,})+$/, '');
    const gap = head.lastIndexOf(' ');
    const rule = head.slice(gap + 1);
    // The last head line says only which command failed.
    if (gap < 0 || !/^[a-zA-Z]+(?:\/[\w-]+)*$/.test(rule)) return [];
    const [, file = '', row, column] = /^(.+?)(?::(\d{1,7}):(\d{1,7}))?$/.exec(head.slice(0, gap)) ?? [];
    const message = /^ {2}(\S) (.+)$/.exec(lines[at + 2] ?? '');
    const severity = SEVERITIES[message?.[1] ?? ''] ?? 'info';
    return [finding(severity, { file, line: row, column }, rule, message?.[2] ?? '')];
  });
  const summaries = lines.flatMap((line, at) => (CHECKED.test(line) ? lines.slice(at + 1, at + 4) : []));
  if (findings.length === 0 && !lines.some((line) => CHECKED.test(line))) return [];
  const errors = totalOf(summaries, /^Found (\d{1,9}) errors?\.$/) ?? 0;
  const warnings = totalOf(summaries, /^Found (\d{1,9}) warnings?\.$/) ?? 0;
  return [{ tool: 'biome', findings, errors, warnings }];
};
