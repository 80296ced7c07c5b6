/** Compilers with a place in brackets: tsc (plain and pretty), MSBuild (.NET), Maven; and rustc with its arrow. */
import { type Finding, type FindingsFormat, finding, severityOf } from './format';

const BRACKETS = /^\s*([^\s(][^(]*)\((\d{1,7}),(\d{1,7})\): (error|warning|info) ([A-Z]+\d{1,6}): (.*)$/;
const PRETTY = /^([^\s:][^:]*):(\d{1,7}):(\d{1,7}) - (error|warning|message) (TS\d{1,6}): (.*)$/;
const WITHOUT_FILE = /^error (TS\d{1,6}): (.*)$/;
const MAVEN = /^\[(ERROR|WARNING)\] ([^\s:][^:]*):\[(\d{1,7}),(\d{1,7})\] (.*)$/;

type Named = { readonly tool: string; readonly finding: Finding };

export const compilers: FindingsFormat = (lines) => {
  const named = lines.flatMap((line) => inBrackets(line) ?? pretty(line) ?? withoutFile(line) ?? maven(line) ?? []);
  const tools = new Map<string, Map<string, Finding>>();
  for (const { tool, finding: found } of named) {
    const known = tools.get(tool) ?? new Map<string, Finding>();
    // MSBuild and Maven print each problem where it happens and again at the end.
    tools.set(tool, known.set(JSON.stringify(found), found));
  }
  return [...tools].map(([tool, findings]) => ({ tool, findings: [...findings.values()] }));
};

function inBrackets(line: string): Named | null {
  const [, file, row, column, severity = '', code = '', message = ''] = BRACKETS.exec(line) ?? [];
  if (file === undefined) return null;
  const tool = code.startsWith('TS') ? 'tsc' : 'msbuild';
  return { tool, finding: finding(severityOf(severity), { file, line: row, column }, code, message) };
}

function pretty(line: string): Named | null {
  const [, file, row, column, severity = '', code = '', message = ''] = PRETTY.exec(line) ?? [];
  if (file === undefined) return null;
  return { tool: 'tsc', finding: finding(severityOf(severity), { file, line: row, column }, code, message) };
}

function withoutFile(line: string): Named | null {
  const [, code, message = ''] = WITHOUT_FILE.exec(line) ?? [];
  return code === undefined
    ? null
    : { tool: 'tsc', finding: finding('error', { file: 'tsconfig.json' }, code, message) };
}

function maven(line: string): Named | null {
  const [, severity = '', file, row, column, message = ''] = MAVEN.exec(line) ?? [];
  if (file === undefined) return null;
  return { tool: 'maven', finding: finding(severityOf(severity), { file, line: row, column }, null, message) };
}

const RUST = /^(error|warning)(?:\[([\w:]+)\])?: (.+)$/;

/** rustc and clippy: the head, and right below it ` --> file:line:column`. */
export const rustc: FindingsFormat = (lines) => {
  const findings = lines.flatMap((line, at) => {
    const [, severity, rule, message = ''] = RUST.exec(line) ?? [];
    const place = arrowOf(lines[at + 1] ?? '');
    if (severity === undefined || place === null) return [];
    return [finding(severityOf(severity), place, rule ?? null, message)];
  });
  return findings.length === 0 ? [] : [{ tool: 'rustc', findings }];
};

/** The place on a line that only says where. */
export function arrowOf(line: string): { file: string; line: string; column: string } | null {
  const [, file, row, column] = /^ *--> ([^:]+):(\d{1,7}):(\d{1,7})$/.exec(line) ?? [];
  return file === undefined || row === undefined || column === undefined ? null : { file, line: row, column };
}
