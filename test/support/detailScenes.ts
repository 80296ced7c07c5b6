/** A run with what the details of its events are made of: a change with its lines, redactions, reports, files in folders. */
import type { RunEvent } from '../../src/core/events/schema';
import type { FileMoment } from '../../src/protocol/events';
import type { HostMessage } from '../../src/protocol/messages';
import type { Report } from '../../src/protocol/report';
import { lineChange } from '../../src/vscode/timeline/change';
import { compareLines } from '../../src/vscode/timeline/lineDiff';
import { RUN, type RunWriter } from './runWriter';
import { finishedRun } from './timelineRun';

export const TESTS: Report = {
  kind: 'tests',
  tool: 'node:test',
  passed: 23,
  failed: 1,
  skipped: 2,
  failures: [
    {
      name: 'a discount of 10.00 over three equal lines takes off 10.00',
      file: 'test/discount.test.js',
      line: 41,
      message: 'expected 1000, got 999',
    },
  ],
  omitted: 0,
};

export const FINDINGS: Report = {
  kind: 'findings',
  tool: 'eslint',
  errors: 1,
  warnings: 1,
  findings: [
    {
      file: 'src/discount.js',
      line: 14,
      column: 3,
      severity: 'error',
      rule: 'no-unused-vars',
      message: "'shares' is assigned a value but never used.",
    },
    { file: 'src/invoice.js', line: 2, column: 1, severity: 'warning', rule: null, message: 'File ignored.' },
  ],
  omitted: 3,
};

/** The finished run, with typed reports of its commands and an address that was redacted out of the task. */
export function detailedRun(): RunWriter {
  const run = finishedRun();
  for (const { data, type } of run.events) {
    if (type === 'artifact.created' && data.kind === 'report')
      Object.assign(data, {
        name: `${data.name}_report`,
        media: 'application/json',
        content: JSON.stringify(data.name === 'lint' ? FINDINGS : TESTS, null, 1),
      });
    if (type !== 'model.requested') continue;
    for (const message of data.conversation.added)
      if (message.role === 'user') Object.assign(message, { content: `${message.content}\nReported by «email:1».` });
  }
  return run;
}

const BEFORE = `export function spread(total, lines) {
  const weights = lines.map((line) => line.net);
  const shares = weights.map((weight) => Math.floor((total * weight) / sum(weights)));
  return shares;
}

export function sum(values) {
  return values.reduce((all, value) => all + value, 0);
}
`;
const AFTER = BEFORE.replace(/ {2}const shares.*return shares;/s, '  return allocate(total, weights);');

/** What the host answers when it is asked what the change at an event did. */
export function changeAt(seq: number): HostMessage {
  const change = lineChange(
    'src/discount.js',
    'Changed the content: 1 line added, 2 lines removed',
    compareLines(BEFORE, AFTER),
    AFTER,
  );
  return { type: 'change', runId: RUN, seq, change, problem: '' };
}

export const FILES: readonly FileMoment[] = [
  ['docs/rounding.md', null, 1_204],
  ['packages/money/src/allocate.js', 1_135, 1_498],
  ['packages/money/src/internal/cents.js', 420, null],
  ['packages/money/test/allocate.test.js', null, 3_105],
  ['package.json', 611, 640],
].map(([path, before, after]) => ({
  path: String(path),
  before: version(before),
  after: version(after),
  how: 'write_file',
}));

function version(bytes: string | number | null | undefined): FileMoment['before'] {
  return typeof bytes === 'number' ? { sha256: String(bytes % 10).repeat(64), bytes, kept: true } : null;
}

/** The same states with more files. */
export const withFiles = (moments: readonly HostMessage[]): HostMessage[] =>
  moments.map((message) =>
    message.type === 'moment' ? { ...message, moment: { ...message.moment, files: [...FILES] } } : message,
  );

/** The place of the first event of a kind that fits. */
export function placeOf<T extends RunEvent['type']>(
  run: RunWriter,
  type: T,
  fits: (event: RunEvent<T>) => boolean = () => true,
): number {
  return run.events.findIndex((event) => event.type === type && fits(event as unknown as RunEvent<T>));
}
