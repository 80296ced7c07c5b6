/**
 * What the model of the sample says, turn by turn. `npm run record:sample` plays it against the real tools and keeps the
 * replies under the signatures of the requests they answer; that recording is what demo, tests and newcomers run on.
 */
import { calls, says } from '../scriptedModel';
import { importOf, LARGEST_REMAINDER, PATH, ROUNDED } from './allocate';
import type { SampleStory } from './story';

const REST_TO_LAST = `  const shares = weights.map((weight) => Math.floor((amount * weight) / total));
  shares[shares.length - 1] += amount - sum(shares);
  return shares;
`;

/** The whole story: a look round, a command line, a denied read, a wrong first fix, a lint finding, failing tests, a line with a pipe, the right fix. */
export const QUICK_FIX: SampleStory = {
  blueprint: 'quick_fix',
  cassette: 'sample',
  title: 'Sample: a discount that loses a cent',
  task: null,
  mended: false,
  denials: 2,
  changes: ['src/allocate.js'],
  beats: [
    {
      note: 'Reads the code that splits a discount.',
      step: calls(
        'The discount is spread over the lines somewhere below `discount.js`. I look at both files first.',
        ['call_1', 'read_file', { path: 'src/discount.js' }],
        ['call_2', 'read_file', { path: PATH }],
      ),
    },
    {
      note: 'Looks with a command line; it only reads, so that nobody is asked.',
      step: calls('Who splits with it, and how?', [
        'call_3',
        'run_command',
        { command: 'grep -n "allocate(" src/discount.js src/credit-note.js' },
      ]),
    },
    {
      note: 'Asks for a file that policy protects; the call is denied.',
      step: calls('How production rounds could matter here, so I check its configuration.', [
        'call_4',
        'read_file',
        { path: 'config/production.env' },
      ]),
    },
    {
      note: 'Goes on without it, and makes the obvious, wrong fix.',
      step: calls(
        'I do not need that file. Every share is rounded on its own, so that the shares need not add up. I give what is left to the last line.',
        ['call_5', 'replace_in_file', { path: PATH, old: ROUNDED, new: REST_TO_LAST }],
      ),
    },
    {
      note: 'Says that it is finished; the checks will see.',
      step: says('The shares of a split now always add up to the amount.'),
    },
    {
      note: 'Mends what the linter found.',
      step: calls('`mulDiv` is no longer used.', [
        'call_6',
        'replace_in_file',
        { path: PATH, old: importOf('assertMinor, mulDiv, negate, sum'), new: importOf('assertMinor, negate, sum') },
      ]),
    },
    { note: 'Back to the linter.', step: says('The unused import is gone.') },
    {
      note: 'Wants the end of the test output through a pipe; there is no shell, and the line is refused.',
      step: calls('I look at the end of the test output again.', [
        'call_7',
        'run_command',
        { command: 'npm test 2>&1 | tail -20' },
      ]),
    },
    {
      note: 'Reads why the tests fail, and the decision that says how to split.',
      step: calls(
        'Giving the rest to the last line puts a cent on a line that costs nothing. The decision record says how amounts are split.',
        ['call_8', 'read_file', { path: 'docs/adr/0002-splitting-amounts.md' }],
        ['call_9', 'read_file', { path: 'src/money.js' }],
      ),
    },
    {
      note: 'Makes the right fix.',
      step: calls(
        'Leftover cents go to the largest remainders, earlier lines first.',
        ['call_10', 'replace_in_file', { path: PATH, old: REST_TO_LAST, new: LARGEST_REMAINDER }],
        [
          'call_11',
          'replace_in_file',
          {
            path: PATH,
            old: importOf('assertMinor, negate, sum'),
            new: importOf('assertMinor, multiply, negate, sum'),
          },
        ],
      ),
    },
    {
      note: 'Says what was wrong.',
      step: says(
        'The rest of a split went to the last line whatever it cost; it now follows ADR 2, by largest remainder.',
      ),
    },
  ],
};
