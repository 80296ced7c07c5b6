/** The verdict of a verification, as JSON for programs and as lines for people. */
import { type Finding, problemOf, type VerifyReport } from '../core/events/findings';

/** What `verify --json` prints: the contract's members first. */
export function verdictOf({ sound, events, blobs, head, findings, notChecked }: VerifyReport) {
  const first = findings.reduce<Finding | null>((a, b) => (a !== null && a.seq <= b.seq ? a : b), null);
  return {
    ok: sound,
    events,
    blobs,
    head,
    firstBad: first === null ? null : { seq: first.seq, problem: problemOf(first) },
    findings,
    notChecked: notChecked.map(({ detail }) => detail),
  };
}

/** One line for the whole, one for each finding, one for each thing that was not checked. */
export function verdictLines({ sound, events, blobs, head, findings, notChecked }: VerifyReport): string[] {
  return [
    sound ? `Sound: ${events} events, ${blobs} blobs, head ${head}` : `NOT SOUND: ${findings.length} finding(s)`,
    ...findings.map(lineOf),
    ...notChecked.map(({ detail }) => `NOT CHECKED: ${detail}`),
  ];
}

function lineOf({ seq, kind, expected, found }: Finding): string {
  // These two are about the file as a whole, not about an event.
  const place = kind === 'bundle' || kind === 'signature' ? '' : `event ${seq}: `;
  return `${place}${kind}: expected ${expected}, found ${found}`;
}
