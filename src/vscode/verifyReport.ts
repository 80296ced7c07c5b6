/** What a verification found, in words: one line for a notification, and the whole of it as a document. Pure. */
import { type Finding, type NotChecked, problemOf, type VerifyReport } from '../core/events/verify';
import { formatCount, oneLine } from '../protocol/format';

/** How many findings a notification names; the report has them all. */
const NAMED = 2;
/** Characters of a finding in a notification. */
const LONGEST = 140;

/** The verdict in one line, what could not be checked included. */
export function verdictLine(report: VerifyReport): string {
  return `${foundLine(report)}${notCheckedLine(report.notChecked)}`;
}

function foundLine({ sound, events, blobs, findings }: VerifyReport): string {
  if (sound) return `the record is sound: ${formatCount(events, 'event')}, ${formatCount(blobs, 'blob')}.`;
  const named = findings.slice(0, NAMED).map(findingLine).join('; ');
  const more = findings.length > NAMED ? `; and ${findings.length - NAMED} more` : '';
  return `the record is NOT sound, ${formatCount(findings.length, 'finding')}: ${named}${more}.`;
}

function notCheckedLine(notChecked: readonly NotChecked[]): string {
  if (notChecked.length === 0) return '';
  return ` NOT checked: ${notChecked.map(({ detail }) => detail).join('; ')}.`;
}

function findingLine(finding: Finding): string {
  // What is wrong with a bundle as a whole is at no event.
  const where = finding.kind === 'bundle' || finding.kind === 'signature' ? '' : `event ${finding.seq}: `;
  return `${where}${oneLine(problemOf(finding), LONGEST)}`;
}

/** The whole report as Markdown that also reads well as it is; `task` may be empty. */
export function reportText(
  report: VerifyReport,
  about: { readonly runId: string; readonly task: string; readonly at: string },
): string {
  const { sound, events, blobs, head, findings, notChecked } = report;
  return [
    `# ${sound ? 'The record is sound' : 'The record is NOT sound'}`,
    '',
    `- Run: ${about.runId}`,
    ...(about.task === '' ? [] : [`- Task: ${about.task}`]),
    `- Verified: ${about.at}`,
    `- Events: ${events}`,
    `- Blobs: ${blobs}`,
    `- Head: ${head}`,
    '',
    '## Findings',
    '',
    ...(findings.length === 0 ? ['None.'] : findings.flatMap(findingLines)),
    '',
    '## NOT checked',
    '',
    ...(notChecked.length === 0
      ? ['Nothing was left out.']
      : notChecked.map(({ kind, detail }) => `- ${kind}: ${detail}`)),
    '',
  ].join('\n');
}

const findingLines = ({ seq, kind, expected, found }: Finding): string[] => [
  `- Event ${seq}: ${kind}`,
  `  - expected: ${expected}`,
  `  - found: ${found}`,
];
