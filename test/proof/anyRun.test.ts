/**
 * Any checked blueprint, with any replies, results and verdicts: a run replays into the same events, hash for hash, also
 * one that died anywhere, was taken up again, and died again.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlueprint } from '../../src/core/blueprint/check';
import { lineOf } from '../../src/core/events/chain';
import type { RunEvent } from '../../src/core/events/schema';
import { linesOf, verifyLines } from '../../src/node/store/verifying';
import { sha256 } from '../../src/node/system/sha256';
import { anyStory } from '../support/anyStory';
import { only } from '../support/engine';
import { type Death, Life, RUN, timesAllowed } from '../support/life';
import { cases, patience, SEED } from '../support/random';
import { replay } from '../support/replay';
import { EVERYTHING, SHORT } from '../support/stories';

const death: fc.Arbitrary<Death> = fc.record({
  after: fc.oneof(fc.nat(12), fc.nat(40)),
  stored: fc.boolean(),
  decision: fc.constantFrom('repeat', 'fail'),
});

/** What was seen in all stories together, for they are only worth something when they hold what they are meant to hold. */
type Seen = Set<string>;

function look(life: Life, seen: Seen): void {
  for (const { type } of life.journal) seen.add(type);
  for (const { data } of only(life.journal, 'tool.finished')) seen.add(data.outcome);
  for (const { data } of only(life.journal, 'run.finished')) seen.add(data.status);
  for (const { data } of only(life.journal, 'artifact.created')) seen.add(data.kind);
  for (const { data } of only(life.journal, 'approval.resolved')) if (data.edited !== undefined) seen.add('edited');
  for (const { data } of only(life.journal, 'approval.resolved')) {
    if (data.scope === 'run') seen.add('for the run');
  }
  for (const { data } of only(life.journal, 'approval.requested')) if (data.question) seen.add('question');
  for (const { data } of only(life.journal, 'run.paused')) if (data.reason.startsWith('paused by')) seen.add('paused');
  for (const { data } of only(life.journal, 'run.resumed')) {
    if (data.inDoubt) seen.add(`${data.inDoubt.decision} ${data.inDoubt.kind}`);
  }
}

const missing = (seen: Seen, wanted: readonly string[]): string[] => wanted.filter((what) => !seen.has(what));

async function expectIdentical(life: Life): Promise<void> {
  const stored = life.journal;
  const verdict = await replay({ stored, inline: await life.inline() });
  expect(verdict).toMatchObject({ identical: true, divergence: null, events: stored.length });
  expect(verdict.head).toEqual(verdict.recordedHead);
  expect(verdict.head.hash).toBe(stored.at(-1)?.hash);
}

async function expectSound(life: Life): Promise<void> {
  const bytes = Buffer.from(life.journal.map(lineOf).join(''), 'utf8');
  const heads = [{ hash: life.journal.at(-1)?.hash ?? '', events: life.journal.length, from: 'the test' }];
  const options = { run: RUN, hash: sha256, blobs: life.blobs, heads, live: async () => false };
  const { sound, findings } = await verifyLines(linesOf(bytes), options);
  expect({ sound, findings }).toEqual({ sound: true, findings: [] });
}

/** Nothing was done without a durable event that says so, and nothing twice unless a person said so. */
function expectOrdered({ world, journal }: Life): void {
  const announces: Record<string, (event: RunEvent) => boolean> = {
    'policy.decided': (event) => event.type === 'policy.decided' && event.data.decision === 'allow',
    'approval.resolved': (event) =>
      event.type === 'approval.resolved' && event.data.verdict === 'approved' && event.data.edited === undefined,
    'run.resumed': (event) => event.type === 'run.resumed' && event.data.inDoubt?.decision === 'repeat',
  };
  const times = new Map<string, number>();
  for (const { what, after } of world.acts) {
    times.set(what, (times.get(what) ?? 0) + 1);
    if (after === null) throw new Error(`${what} was done before anything was recorded`);
    if (what === 'model') expect(after.type).toBe('model.requested');
    else expect(announces[after.type]?.(after), `${what} after ${after.type}`).toBe(true);
    expect(journal[after.seq]?.hash).toBe(after.hash);
  }
  for (const [what, count] of times) expect(count, what).toBeLessThanOrEqual(timesAllowed(journal, what));
  // What the record names as in doubt is what the engine itself holds to be.
  for (const [at, event] of journal.entries()) {
    const next = journal[at + 1];
    if (event.type !== 'run.interrupted' || next?.type !== 'run.resumed') continue;
    const { inDoubt } = next.data;
    expect(event.data.inDoubt).toBe(inDoubt?.kind === 'call' ? inDoubt.id : null);
  }
}

function expectWithinBudget({ journal, story: { budget } }: Life): void {
  expect(only(journal, 'model.requested').length).toBeLessThanOrEqual(budget.modelCalls);
  const spent = only(journal, 'budget.charged').at(-1)?.data.totals.tokens ?? 0;
  expect(spent).toBeLessThanOrEqual(budget.tokens);
}

async function expectProven(life: Life): Promise<void> {
  await expectIdentical(life);
  await expectSound(life);
  expectOrdered(life);
  expectWithinBudget(life);
}

const options = (numRuns: number) => ({ numRuns, seed: SEED, endOnFailure: false });

const ALWAYS = [
  'denied',
  'invalid',
  'rejected',
  'error',
  'timeout',
  'model.failed',
  'file.changed',
  'budget.exceeded',
  'for the run',
  'question',
];
const MADE = ['patch', 'report', 'verdict', 'loop.detected', 'edited', 'paused', 'rejected', 'denied'];
const ENDS = ['succeeded', 'failed', 'stopped', 'run.paused'];

describe('any run', () => {
  it('is of a blueprint that the checker lets pass', () => {
    fc.assert(
      fc.property(anyStory, ({ blueprint }) => {
        expect(checkBlueprint(blueprint)).toEqual([]);
      }),
      options(cases(300, 5000)),
    );
  });

  it('replays into the same events, is sound, and keeps to its budget', { timeout: patience(60_000) }, async () => {
    const seen: Seen = new Set();
    await fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        const life = new Life(story);
        await life.live([]);
        look(life, seen);
        await expectProven(life);
      }),
      options(cases(150, 4000)),
    );
    expect(missing(seen, [...ALWAYS, ...ENDS])).toEqual([]);
  });

  it('does so as well when it dies anywhere, is resumed, dies again, and is resumed to its end', {
    timeout: patience(60_000),
  }, async () => {
    const seen: Seen = new Set();
    await fc.assert(
      fc.asyncProperty(anyStory, fc.array(death, { minLength: 1, maxLength: 4 }), async (story, deaths) => {
        const life = new Life(story);
        await life.live(deaths);
        look(life, seen);
        await expectProven(life);
      }),
      options(cases(200, 6000)),
    );
    expect(missing(seen, [...ALWAYS, ...ENDS, 'run.interrupted', 'run.resumed', 'repeat call', 'fail call'])).toEqual(
      [],
    );
  });

  it('does so when it dies at each of its events, before or after it was stored, and at the same place once more', {
    timeout: patience(60_000),
  }, async () => {
    const whole = new Life(SHORT);
    await whole.live([]);
    expect(whole.journal.at(-1)).toMatchObject({ type: 'run.finished', data: { status: 'succeeded' } });
    const seen: Seen = new Set();
    for (let after = 0; after < whole.journal.length; after += 1) {
      for (const [stored, decision] of [
        [true, 'repeat'],
        [true, 'fail'],
        [false, 'repeat'],
        [false, 'fail'],
      ] as const) {
        const life = new Life(SHORT);
        // The second death comes while the run is being taken up, or with the very act that is repeated.
        await life.live([
          { after, stored, decision },
          { after: 1 + (after % 4), stored, decision },
        ]);
        look(life, seen);
        await expectProven(life);
      }
    }
    const decisions = ['repeat call', 'fail call', 'repeat model', 'fail model'];
    expect(missing(seen, [...decisions, 'run.finished', 'denied', 'rejected'])).toEqual([]);
  });

  it('does so with results, edits, pauses and loops in it, wherever it dies', {
    timeout: patience(60_000),
  }, async () => {
    const whole = new Life(EVERYTHING);
    await whole.live([]);
    expect(whole.journal.at(-1)).toMatchObject({ type: 'run.finished', data: { status: 'succeeded' } });
    const seen: Seen = new Set();
    look(whole, seen);
    expect(missing(seen, MADE)).toEqual([]);
    for (let after = 0; after < whole.journal.length; after += 1) {
      const life = new Life(EVERYTHING);
      const stored = after % 2 === 0;
      await life.live([
        { after, stored, decision: 'repeat' },
        { after: 1 + (after % 4), stored: !stored, decision: after % 3 === 0 ? 'fail' : 'repeat' },
      ]);
      await expectProven(life);
    }
  });
});
