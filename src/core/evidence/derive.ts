/**
 * The files of a bundle that are made of its journal: pure, so that whoever checks a bundle makes them again and compares.
 */
import { type BlobRef, blobRefsIn, type Payload } from '../events/payload';
import type { DataOf, RunEvent } from '../events/schema';
import { OpenExecError } from '../kernel/errors';
import { canonicalize } from '../kernel/json';
import { type DERIVED, type Manifest, REPORT } from './format';
import { reporter } from './report/report';
import type { BlobText } from './report/rows';

export type Derived = {
  readonly files: Readonly<Record<(typeof DERIVED)[number], string>>;
  readonly versions: Manifest['versions'];
};

/**
 * Takes a run's events in their order, then makes the files of them; the report comes in pieces and is given back whole. `blobText` is asked for payloads that are stored
 * apart; it answers null for bytes that are no text. Throws `internal` when the events are not those of a run, and
 * `blob_missing` when blueprint or policy are not there.
 */
export function derivation(blobText: BlobText): {
  take(event: RunEvent): void;
  report(): Iterable<string>;
  make(report: string): Derived;
} {
  const report = reporter(blobText);
  let origin: RunEvent<'run.started'> | null = null;
  let plan: DataOf<'plan.accepted'> | null = null;
  const resumed: { seq: number; openexec: string }[] = [];
  const text = (payload: Payload): string => {
    const whole = typeof payload === 'string' ? payload : blobText(payload.blob);
    if (whole === null) throw new OpenExecError('blob_missing', 'the blueprint or the policy of the run is not there');
    return whole;
  };
  return {
    take(event) {
      report.take(event);
      if (event.type === 'run.started') origin = event;
      if (event.type === 'plan.accepted') plan = event.data;
      if (event.type === 'run.resumed') resumed.push({ seq: event.seq, openexec: event.data.openexec });
    },
    report: () => report.write(),
    make(written) {
      if (origin === null) throw new OpenExecError('internal', 'a run without events cannot be put into a bundle');
      const { blueprint, policy, versions, flags, gatekeeper, model } = origin.data;
      return {
        versions,
        files: {
          'blueprint.json': text(blueprint.definition),
          'plan.json': canonicalize(plan),
          'policy.json': text(policy.content),
          [REPORT]: written,
          'versions.json': canonicalize({ ...versions, flags, gatekeeper, model, resumed }),
        },
      };
    },
  };
}

/** The bytes outside of the journal that an event refers to: payloads, and contents of files that are kept. */
export function blobsOf(event: RunEvent): Pick<BlobRef, 'blob' | 'bytes'>[] {
  const refs: Pick<BlobRef, 'blob' | 'bytes'>[] = blobRefsIn(event.data);
  if (event.type !== 'file.changed') return refs;
  const { before, after } = event.data;
  const kept = [before, after].filter((version) => version?.kept === true);
  return [
    ...refs,
    ...kept.flatMap((version) => (version === null ? [] : [{ blob: version.sha256, bytes: version.bytes }])),
  ];
}
