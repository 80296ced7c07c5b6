/** What a verification tells: findings, what was not checked, and the report of both. */

export type FindingKind =
  | 'incomplete'
  | 'not_utf8'
  | 'not_canonical'
  | 'not_an_event'
  | 'wrong_run'
  | 'seq'
  | 'prev'
  | 'hash'
  | 'order'
  | 'cause'
  | 'frozen'
  | 'blob_missing'
  | 'blob_changed'
  | 'head'
  | 'empty'
  | 'files'
  | 'bundle'
  | 'signature';

/** Something that is not as it must be. */
export type Finding = {
  /** The place in the record, from 0: how many lines stand before. In a sound record it is the event's own `seq`. */
  readonly seq: number;
  readonly kind: FindingKind;
  /** One line each, for a person. */
  readonly expected: string;
  readonly found: string;
};

/** What could not be checked, said as plainly as what was. */
export type NotChecked = {
  readonly kind:
    | 'external_head'
    | 'tail'
    | 'signature'
    | 'blob_by_retention'
    | 'more_findings'
    | 'live'
    | 'signer'
    | 'report';
  readonly detail: string;
};

/** The head of a run as it was kept outside its folder: the hash of an event, and how many events there were with it. */
export type ExternalHead = {
  readonly hash: string;
  /** Null when it is not known; then the hash may be that of any event. */
  readonly events: number | null;
  /** Where it comes from, as in "given on the command line". */
  readonly from: string;
};

export type VerifyReport = {
  /** True when there is no finding; says nothing of what is in `notChecked`. */
  readonly sound: boolean;
  /** How many complete lines there are; every one was checked. */
  readonly events: number;
  /** How many different blobs these refer to. */
  readonly blobs: number;
  /** Hash of the last event that could be read, as it claims it. */
  readonly head: string;
  /** By place; at most MOST_FINDINGS. */
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
};

export const MOST_FINDINGS = 100;

const WORDS: Readonly<Record<FindingKind, string>> = {
  incomplete: 'the last line is incomplete: a write was interrupted, or its end was cut off',
  not_utf8: 'the line is not UTF-8',
  not_canonical: 'the line is not the canonical text of its event',
  not_an_event: 'the line is not an event of a known form',
  wrong_run: 'the event belongs to another run',
  seq: 'an event stands in the wrong place',
  prev: 'prev is not the hash of the event before',
  hash: 'hash is not the hash of the content',
  order: 'the event cannot stand here',
  cause: 'the cause is not an earlier event',
  frozen: 'what the run was started with is not what its hash names',
  blob_missing: 'a blob is missing',
  blob_changed: 'a blob is not what its address says',
  head: 'its end was cut or rewritten',
  empty: 'the journal is empty',
  files: 'the files of the journal are not in order',
  bundle: 'the bundle is not in order',
  signature: 'the signature is not in order',
};

/** A finding in one line, without its place. */
export const problemOf = ({ kind, expected, found }: Finding): string =>
  `${WORDS[kind]} (expected ${expected}, found ${found})`;

const LONGEST = 200;

/** Text out of a record, made fit to be shown in one line: no control characters, cut when it is long. */
export function oneLine(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return shown.length <= LONGEST ? shown : `${Array.from(shown.slice(0, LONGEST)).slice(0, -1).join('')}…`;
}

/** The report of a run in a store: only a bundle carries a signature. */
export const unsigned = (report: VerifyReport): VerifyReport => ({
  ...report,
  notChecked: [...report.notChecked, { kind: 'signature', detail: 'signatures come with an evidence bundle' }],
});
