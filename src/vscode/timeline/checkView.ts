/** What a replay or verification found, as the timeline gets it: bounded, what was not checked apart and as loudly. Pure. */
import { type Finding, problemOf, type VerifyReport } from '../../core/events/verify';
import type { ReplayVerdict } from '../../core/replay/exact';
import type { Check, CheckMode } from '../../protocol/check';
import { formatCount } from '../../protocol/format';

export type EndedCheck = Extract<Check, { state: 'ended' }>;

/** The longest side of a divergence that is shown in the pane, in characters; the diff editor has all of it. */
const MAX_SIDE = 20_000;

export function replayView(verdict: ReplayVerdict): EndedCheck {
  const { identical, events, divergence, ended } = verdict;
  const same = `The replay is identical: ${formatCount(events, 'event')}, hash for hash. No model was called.`;
  return {
    ...NOTHING_FOUND,
    mode: 'exact',
    verdict: identical ? 'good' : 'bad',
    words: divergence === null ? same : `The replay diverges at event ${divergence.seq}.`,
    notChecked: [
      ...(ended ? [] : ['The record stops before the end of the run: what came after it cannot be replayed.']),
      ...(divergence === null ? [] : ['The replay stops at its first difference: nothing after it was compared.']),
    ],
    divergence:
      divergence === null
        ? null
        : {
            seq: divergence.seq,
            path: divergence.path,
            recorded: sideOf(divergence.recorded),
            replayed: sideOf(divergence.replayed),
          },
  };
}

export function verifyView({ sound, events, blobs, findings, notChecked }: VerifyReport): EndedCheck {
  const size = `${formatCount(events, 'event')}, ${formatCount(blobs, 'blob')}`;
  return {
    ...NOTHING_FOUND,
    mode: 'verify',
    verdict: sound ? 'good' : 'bad',
    words: sound
      ? `The record is sound: ${size}.`
      : `The record is NOT sound: ${formatCount(findings.length, 'finding')} in ${size}.`,
    findings: findings.slice(0, MOST).map((finding) => ({ seq: placeOf(finding), words: problemOf(finding) })),
    notChecked: notChecked.slice(0, MOST).map(({ detail }) => detail),
  };
}

/** Of a check that found nothing out: it was cancelled, or could not run. */
export const noVerdict = (mode: CheckMode, words: string): EndedCheck => ({ ...NOTHING_FOUND, mode, words });

const MOST = 100;

const NOTHING_FOUND: EndedCheck = {
  state: 'ended',
  mode: 'verify',
  verdict: 'none',
  words: '',
  findings: [],
  notChecked: [],
  divergence: null,
};

/** What is wrong with the journal as a whole is at no event. */
const placeOf = ({ kind, seq }: Finding): number | null =>
  kind === 'bundle' || kind === 'signature' || kind === 'empty' || kind === 'files' ? null : seq;

function sideOf(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'nothing';
  if (text.length <= MAX_SIDE) return text;
  return `${text.slice(0, MAX_SIDE)}\n… (${formatCount(text.length - MAX_SIDE, 'character')} more)`;
}
