/** eslint: `stylish` (the default) and `json`; `unix` is among the formats with colons. */
import { z } from 'zod';
import { type Finding, type FindingsFormat, type Found, finding, severityOf, totalOf } from './format';

const ROW = /^ {2,}(\d{1,7}):(\d{1,7}) +(error|warning) +(\S.*)$/;
const ERRORS = /^\S \d{1,9} problems? \((\d{1,9}) errors?, \d{1,9} warnings?\)$/;
const WARNINGS = /^\S \d{1,9} problems? \(\d{1,9} errors?, (\d{1,9}) warnings?\)$/;

export const eslint: FindingsFormat = (lines, text) => [...stylish(lines), ...json(text)];

function stylish(lines: readonly string[]): Found[] {
  const errors = totalOf(lines, ERRORS);
  const warnings = totalOf(lines, WARNINGS);
  const findings: Finding[] = [];
  let file: string | null = null;
  for (const line of lines) {
    const [, at, column, severity = '', rest = ''] = ROW.exec(line) ?? [];
    if (at === undefined) file = /^\S/.test(line) ? line : line === '' ? null : file;
    else if (file !== null) {
      const gap = rest.lastIndexOf('  ');
      const rule = gap < 0 ? null : rest.slice(gap).trim();
      const message = gap < 0 ? rest : rest.slice(0, gap);
      findings.push(finding(severityOf(severity), { file, line: at, column }, rule, message));
    }
  }
  if (findings.length === 0 && errors === undefined) return [];
  return [{ tool: 'eslint', findings, errors: errors ?? 0, warnings: warnings ?? 0 }];
}

const resultsSchema = z.array(
  z.looseObject({
    filePath: z.string(),
    messages: z.array(
      z.looseObject({
        ruleId: z.string().nullish(),
        severity: z.number(),
        message: z.string(),
        line: z.number().int().nonnegative().nullish(),
        column: z.number().int().nonnegative().nullish(),
      }),
    ),
  }),
);

/** The formatter prints one line. */
function json(text: string): Found[] {
  const documents = text.split('\n').filter((line) => line.startsWith('[{"filePath":'));
  return documents.flatMap((document) => {
    const parsed = resultsSchema.safeParse(parse(document));
    if (!parsed.success) return [];
    const findings = parsed.data.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, severity, message, line, column }) => ({
        ...finding(severity >= 2 ? 'error' : 'warning', { file: filePath }, ruleId ?? null, message),
        line: line ?? null,
        column: column ?? null,
      })),
    );
    return [{ tool: 'eslint', findings }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
