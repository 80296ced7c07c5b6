/** Failing tests: a diagnosis without a repair, a repair that helps half, a denied command, the right one. */
import { calls, says } from '../scriptedModel';
import { AFTER, BEFORE, LARGEST_REMAINDER, PATH, ROUNDED } from './allocate';
import type { SampleStory } from './story';

const LEFT_TO_FIRST = `  const shares = weights.map((weight) => Math.floor(multiply(amount, weight) / total));
  const left = amount - sum(shares);
  return shares.map((share, line) => (line < left ? share + 1 : share));
`;

export const TEST_REPAIR: SampleStory = {
  blueprint: 'test_repair',
  cassette: 'sample_test_repair',
  title: 'Sample: two tests that fail for one reason',
  task: 'Two tests have been failing since the last release, in allocate and in discount. Repair what they found.',
  mended: false,
  denials: 1,
  changes: ['src/allocate.js'],
  beats: [
    {
      note: 'Reads what the tests are about, and the decision that says who is right.',
      step: calls(
        'Both tests are about cents that are left over. The decision record says who gets them.',
        ['call_1', 'read_file', { path: PATH }],
        ['call_2', 'read_file', { path: 'docs/adr/0002-splitting-amounts.md' }],
      ),
    },
    {
      note: 'Knows the cause and stops there; a diagnosis is not what was asked for.',
      step: says('The cause is in `allocate`: it rounds every share on its own, so that the shares need not add up.'),
    },
    {
      note: 'Makes a repair that forgets half of the rule.',
      step: calls(
        'Shares are rounded down, and the cents that are left over go to the first lines.',
        ['call_3', 'replace_in_file', { path: PATH, old: ROUNDED, new: LEFT_TO_FIRST }],
        ['call_4', 'replace_in_file', { path: PATH, old: BEFORE, new: AFTER }],
      ),
    },
    { note: 'Says that it is finished.', step: says('`allocate` rounded each share on its own and lost the rest.') },
    {
      note: 'Wants to keep what one test file prints in another file; there is no shell to redirect it.',
      step: calls('One test is left. I run its file alone and keep the numbers.', [
        'call_1',
        'run_command',
        { command: 'node --test test/allocate.test.js > numbers.txt' },
      ]),
    },
    {
      note: 'Takes the command that the project declares, after mending the rule.',
      step: calls(
        'The report has the numbers: [9, 31, 50, 10] was expected. Leftover cents go to the largest remainders, and only ties to the earlier line.',
        ['call_2', 'replace_in_file', { path: PATH, old: LEFT_TO_FIRST, new: LARGEST_REMAINDER }],
        ['call_3', 'run_project_command', { name: 'test' }],
      ),
    },
    {
      note: 'Names the cause.',
      step: says('The first repair gave leftover cents to the first lines instead of the largest remainders.'),
    },
    {
      note: 'The reviewer compares with the tests, which are untouched.',
      step: calls('The diff touches no test. I compare the rule with what the tests expect.', [
        'call_1',
        'read_file',
        { path: 'test/allocate.test.js' },
      ]),
    },
    {
      note: 'The reviewer approves.',
      step: says(
        JSON.stringify({
          verdict: 'approve',
          reasons: [
            'No test was changed.',
            'The change is the rule of ADR 2, and not made for the numbers of the tests.',
          ],
          tests_weakened: false,
          cause: 'Every share was rounded on its own, so that the shares did not add up to the amount.',
        }),
      ),
    },
  ],
};
