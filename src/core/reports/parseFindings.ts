/**
 * What the output of a linter, a formatter or a compiler says, by the formats of a table. Each format knows its own
 * lines, so several tools in one output are told apart and added up.
 */
import { biome } from './findings/biome';
import { colons } from './findings/colons';
import { compilers, rustc } from './findings/compilers';
import { eslint } from './findings/eslint';
import type { Finding, FindingsFormat, Found } from './findings/format';
import { prettier } from './findings/prettier';
import { ruff } from './findings/python';
import { linesOf, plainText } from './lines';
import type { FindingsReport } from './report';
import { segmentsOf } from './segments';

const FORMATS: readonly FindingsFormat[] = [eslint, biome, compilers, rustc, ruff, prettier, colons];

const LISTED = 200;

/**
 * The report of an output, which may be cut in its middle: then the totals of a tool's own summary count where they are
 * higher. Without a known format `tool` is null, and the counts say nothing.
 */
export function parseFindings(output: string): FindingsReport {
  const text = plainText(output);
  const lines = segmentsOf(linesOf(text)).flat();
  const found = FORMATS.flatMap((format) => format(lines, text));
  const all = found.flatMap(({ findings }) => findings);
  const errors = found.reduce((sum, one) => sum + countOf(one, 'error'), 0);
  const warnings = found.reduce((sum, one) => sum + countOf(one, 'warning'), 0);
  const listed = [...all].sort((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, LISTED);
  const infos = all.filter(({ severity }) => severity === 'info').length;
  return {
    kind: 'findings',
    tool: found.length === 0 ? null : [...new Set(found.map(({ tool }) => tool))].join(', '),
    errors,
    warnings,
    findings: listed,
    omitted: Math.max(0, errors + warnings + infos - listed.length),
  };
}

/** Errors are listed first: they are what a command fails for. */
const RANK: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

function countOf(found: Found, severity: 'error' | 'warning'): number {
  const listed = found.findings.filter((one) => one.severity === severity).length;
  return Math.max(listed, (severity === 'error' ? found.errors : found.warnings) ?? 0);
}
