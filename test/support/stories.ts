/** Stories that are told by several proofs. */
import { blueprintSchema } from '../../src/core/blueprint/schema';
import { reply } from './engine';
import type { Random } from './random';
import type { Story } from './world';

const LOOP = blueprintSchema.parse({
  version: 1,
  id: 'long',
  title: 'Long',
  description: '',
  toolset: 'coding',
  start: 'context',
  nodes: {
    context: { type: 'deterministic', action: 'build_context', on_success: 'work', on_failure: 'fail' },
    work: { type: 'agent', goal: 'Do it', max_turns: 12, on_success: 'test', on_exhausted: 'test' },
    test: {
      type: 'deterministic',
      action: 'run_tests',
      retry: 2,
      on_success: 'agree',
      on_failure: { to: 'mend', max: 6 },
    },
    mend: { type: 'agent', goal: 'Mend it', max_turns: 8, on_success: 'test', on_exhausted: 'test' },
    agree: {
      type: 'deterministic',
      action: 'request_approval',
      on_success: 'commit',
      on_failure: { to: 'mend', max: 6 },
    },
    commit: { type: 'deterministic', action: 'git_commit', on_success: 'done', on_failure: 'fail' },
  },
});

type Call = [name: string, input: unknown];

/** Some hundred events; of the texts in it some are large enough to become blobs. */
export function longStory(draw: Random): Story {
  const text = (): string => (draw.below(6) === 0 ? `${draw()} `.repeat(600) : `text ${draw()}`);
  const call = (): Call => {
    const path = ['a', 'a', 'ask', 'secret'][draw.below(4)];
    if (draw.below(8) === 0) return ['nothing', {}];
    return draw.below(2) === 0 ? ['read_file', { path }] : ['write_file', { path, content: text() }];
  };
  const some = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  return {
    blueprint: LOOP,
    task: draw.below(4) === 0 ? 'Mend it '.repeat(2000) : 'Mend it',
    budget: { modelCalls: 1000, tokens: 100_000_000, minutes: 1000 },
    replies: some(9, () => (draw.below(10) === 0 ? reply('Done.') : reply(text(), ...some(1 + draw.below(3), call)))),
    results: some(7, () => ({ outcome: 'ok', exitCode: draw.below(2), output: text(), changes: draw.below(2) === 0 })),
    verdicts: some(5, () => (draw.below(3) === 0 ? 'rejected' : 'approved')),
  };
}

/** A run of some forty events with every kind of effect in it. */
export const SHORT: Story = {
  blueprint: blueprintSchema.parse({
    version: 1,
    id: 'short',
    title: 'Short',
    description: '',
    toolset: 'coding',
    start: 'work',
    nodes: {
      work: { type: 'agent', goal: 'Do it', max_turns: 3, on_success: 'test', on_failure: 'test' },
      test: { type: 'deterministic', action: 'run_tests', retry: 1, on_success: 'agree', on_failure: 'fail' },
      agree: { type: 'deterministic', action: 'request_approval', on_success: 'commit', on_failure: 'agree_again' },
      agree_again: { type: 'deterministic', action: 'request_approval', on_success: 'commit' },
      commit: { type: 'deterministic', action: 'git_commit', on_success: 'done', on_failure: 'fail' },
    },
  }),
  task: 'Mend it',
  budget: { modelCalls: 20, tokens: 10_000_000, minutes: 100 },
  replies: [
    reply('', ['write_file', { path: 'ask', content: 'x' }], ['read_file', { path: 'secret' }]),
    { kind: 'failure', code: 'connection', message: 'No answer.', retryable: true, ms: 1 },
    reply('Done.'),
  ],
  results: [
    { outcome: 'ok', exitCode: 0, output: 'written', changes: true },
    { outcome: 'ok', exitCode: 1, output: 'one failed', changes: false },
    { outcome: 'ok', exitCode: 0, output: 'all passed', changes: true },
  ],
  verdicts: ['approved', 'rejected', 'approved'],
};

const DIFF = '```diff\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n```';
const read = (path: string): Call => ['read_file', { path }];

/** A run in which agents deliver every kind of result, a person edits, rejects and pauses, and an agent goes in circles. */
export const EVERYTHING: Story = {
  blueprint: blueprintSchema.parse({
    version: 1,
    id: 'everything',
    title: 'Everything',
    description: '',
    toolset: 'coding',
    start: 'change',
    nodes: {
      change: { type: 'agent', goal: 'Do it', max_turns: 4, result: { type: 'patch' }, on_success: 'propose' },
      propose: {
        type: 'agent',
        goal: 'Say how',
        max_turns: 3,
        toolset: 'narrow',
        result: { type: 'patch' },
        on_success: 'patch',
      },
      patch: {
        type: 'deterministic',
        action: 'apply_patch',
        approval: true,
        inputs: ['propose_patch'],
        on_success: 'circle',
        on_failure: 'circle',
      },
      circle: { type: 'agent', goal: 'Go round', max_turns: 4, on_success: 'fail', on_exhausted: 'review' },
      review: {
        type: 'agent',
        goal: 'Judge it',
        max_turns: 2,
        result: { type: 'verdict' },
        on_success: 'fail',
        on_failure: 'write',
      },
      write: {
        type: 'agent',
        goal: 'Write it up',
        max_turns: 2,
        max_tokens: 200_000,
        result: { type: 'report', min_characters: 5 },
        on_success: 'tell',
      },
      tell: { type: 'deterministic', action: 'summarize', on_success: 'keep' },
      keep: { type: 'deterministic', action: 'evidence_bundle', on_success: 'done' },
    },
  }),
  task: 'Mend it',
  budget: { modelCalls: 100, tokens: 10_000_000, minutes: 1000 },
  replies: [
    reply('', ['write_file', { path: 'ask', content: 'x' }], read('secret')),
    reply('Done.'),
    reply('No diff.'),
    reply(DIFF),
    reply('', read('a'), read('a'), read('a'), read('a')),
    reply('Looks good.'),
    reply('{"verdict":"reject","reasons":["it is wrong"]}'),
    reply('Oh.'),
    reply('It is all there.'),
  ],
  results: [true, false, false, false, false, false, false].map((changes) => {
    return { outcome: 'ok', exitCode: 0, output: 'the same', changes };
  }),
  verdicts: ['edited', 'rejected'],
  pauses: [9, 30],
};
