/** prettier --check: the files that are not formatted, and those that cannot be parsed. */
import { type FindingsFormat, finding } from './format';

const LAST = /^(?:\[warn\] Code style issues|Error occurred when checking code style|All matched files use Prettier)/;

export const prettier: FindingsFormat = (lines) => {
  if (!lines.some((line) => LAST.test(line))) return [];
  const findings = lines.flatMap((line) => {
    if (LAST.test(line)) return [];
    const unformatted = /^\[warn\] (\S.*)$/.exec(line)?.[1];
    if (unformatted !== undefined) return [finding('error', { file: unformatted }, null, 'the file is not formatted')];
    const [, file, message, row, column] =
      /^\[error\] ([^\s:][^:]*): (\w+: [^()]*)\((\d{1,7}):(\d{1,7})\)$/.exec(line) ?? [];
    return file === undefined ? [] : [finding('error', { file, line: row, column }, null, message ?? '')];
  });
  return [{ tool: 'prettier', findings }];
};
