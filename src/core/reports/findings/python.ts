/** ruff in its full format, and its formatter; its concise format, mypy and flake8 are among those with colons. */
import { arrowOf } from './compilers';
import { type FindingsFormat, finding, totalOf } from './format';

const HEAD = /^([A-Z]{1,6}\d{2,5})(?: \[\*\])? (\S.*)$/;
const SYNTAX = /^(invalid-syntax|SyntaxError): (.*)$/;

export const ruff: FindingsFormat = (lines) => {
  const findings = lines.flatMap((line, at) => {
    const [, rule, message = ''] = HEAD.exec(line) ?? SYNTAX.exec(line) ?? [];
    const place = arrowOf(lines[at + 1] ?? '');
    return rule === undefined || place === null ? [] : [finding('error', place, rule, message)];
  });
  const unformatted = lines.flatMap((line) => {
    const file = /^Would reformat: (\S.*)$/.exec(line)?.[1];
    return file === undefined ? [] : [finding('error', { file }, 'format', 'the file is not formatted')];
  });
  const all = [...findings, ...unformatted];
  if (all.length === 0 && !lines.includes('All checks passed!')) return [];
  const errors = findings.length === 0 ? undefined : totalOf(lines, /^Found (\d{1,9}) errors?\.$/);
  return [{ tool: 'ruff', findings: all, ...(errors === undefined ? {} : { errors: errors + unformatted.length }) }];
};
