/**
 * `file:line:column: message` and its relatives: eslint -f unix, flake8, ruff concise, mypy, go vet and go build,
 * golangci-lint, gcc, clang, javac. Which tool it was is told by what comes after the place.
 */
import { type Finding, type FindingsFormat, type Found, finding, severityOf } from './format';

const PLACE = /^(?:vet: )?([^\s:][^:]*\.\w{1,10}|Makefile|Dockerfile):(\d{1,7}):(?:(\d{1,7}):)? (\S.*)$/;

type Named = { readonly tool: string; readonly finding: Finding };

export const colons: FindingsFormat = (lines) => {
  const isRuff = lines.some((line) => /^(?:Found \d{1,9} errors?\.|\[\*\] \d{1,9} fixable)/.test(line));
  const isMypy = lines.some((line) => /^(?:Found \d{1,9} errors? in \d|Success: no issues found in \d)/.test(line));
  const named = lines.flatMap((line) => rowOf(line, isRuff) ?? []);
  const tools = new Map<string, Finding[]>();
  for (const { tool } of named) tools.set(tool, []);
  for (const { tool, finding: found } of named) tools.get(tool)?.push(found);
  const found = [...tools].map(([tool, findings]): Found => ({ tool, findings }));
  return isMypy && !tools.has('mypy') ? [...found, { tool: 'mypy', findings: [] }] : found;
};

function rowOf(line: string, isRuff: boolean): Named | null {
  const [, file, row, column, rest = ''] = PLACE.exec(line) ?? [];
  if (file === undefined) return null;
  const place = { file, line: row, column };
  return worded(place, rest) ?? (column === undefined ? null : coded(place, rest, isRuff));
}

type Place = { readonly file: string; readonly line: string | undefined; readonly column: string | undefined };

/** With a word for the severity: compilers, and mypy with its rule in brackets at the end. */
function worded(place: Place, rest: string): Named | null {
  const [, word = '', message] = /^((?:fatal )?error|warning|note|info): (.*)$/.exec(rest) ?? [];
  if (message === undefined) return null;
  const open = message.endsWith(']') ? message.lastIndexOf(' [') : -1;
  const rule = open < 0 ? null : message.slice(open + 2, -1);
  const said = open < 0 ? message : message.slice(0, open);
  const tool = /\.pyi?$/.test(place.file) ? 'mypy' : 'compiler';
  return { tool, finding: finding(severityOf(word), place, rule, said) };
}

/** Without one: a code in front, a rule at the end, or only a message. */
function coded(place: Place, rest: string, isRuff: boolean): Named {
  const unix = rest.endsWith(']') ? rest.slice(rest.lastIndexOf('[') + 1, -1).split('/') : [];
  if (unix[0] === 'Error' || unix[0] === 'Warning') {
    const message = rest.slice(0, rest.lastIndexOf('['));
    return { tool: 'eslint', finding: finding(severityOf(unix[0]), place, unix.slice(1).join('/') || null, message) };
  }
  const [, code, message = ''] = /^([A-Z]{1,6}\d{2,5}):? (?:\[\*\] )?(.*)$/.exec(rest) ?? [];
  if (code !== undefined) return { tool: isRuff ? 'ruff' : 'flake8', finding: finding('error', place, code, message) };
  const linter = /\.go$/.test(place.file) && rest.endsWith(')') ? rest.slice(rest.lastIndexOf(' (') + 2, -1) : '';
  if (/^[a-z]+$/.test(linter)) {
    const said = rest.slice(0, rest.lastIndexOf(' ('));
    return { tool: 'golangci-lint', finding: finding('error', place, linter, said) };
  }
  return { tool: /\.go$/.test(place.file) ? 'go' : 'unix', finding: finding('error', place, null, rest) };
}
