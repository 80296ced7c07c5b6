/** A question: a tool that the run does not have, an answer that is too short, the report. */
import { calls, says } from '../scriptedModel';
import type { SampleStory } from './story';

const REPORT = `A discount loses its cent in \`allocate\`, which rounds every share on its own. It is not the discount that is computed wrongly, and nothing after it puts the cent back.

## Evidence

- \`src/allocate.js\`, line 20: \`mulDiv(amount, weight, total)\` rounds each share half away from zero. For 1000 over three equal weights each share is 333.33 and becomes 333; together 999.
- \`src/discount.js\`, \`discountLines\`: the shares are taken as they come. \`discountAmount\` gives 1000, so the amount is right until it is split.
- \`docs/adr/0002-splitting-amounts.md\`: parts are rounded down, and leftover cents go to the largest remainders, earlier lines first. The code does not do that.
- \`src/credit-note.js\`, \`partialCredit\`: splits with \`allocate\` as well, so a partial credit can lose or gain a cent in the same way.

## Ruled out

- \`src/tax.js\`: the discount is taken off before tax; the totals only add up what the lines carry.
- \`src/csv.js\` and \`src/format.js\`: they print, and compute nothing.

## Not certain

I could not run the tests. By reading, those in \`test/allocate.test.js\` and \`test/discount.test.js\` on leftover cents fail.

## What I would do

Split by ADR 2 in \`allocate\`, with \`multiply\` so that large products still throw. No other file has to change.`;

export const INVESTIGATE: SampleStory = {
  blueprint: 'investigate',
  cassette: 'sample_investigate',
  title: 'Sample: where the cent of a discount is lost',
  task:
    'A discount of 10.00 over three equal lines takes off only 9.99. Where is the cent lost, and what else is affected? ' +
    'Change nothing.',
  mended: false,
  denials: 1,
  changes: [],
  beats: [
    {
      note: 'Follows the discount to where it is split.',
      step: calls(
        'I follow the discount from the invoice to the lines.',
        ['call_1', 'read_file', { path: 'src/discount.js' }],
        ['call_2', 'read_file', { path: 'src/allocate.js' }],
        ['call_3', 'search', { query: 'allocate(', path: 'src' }],
      ),
    },
    {
      note: 'Wants to see the tests fail; nothing is run in this toolset.',
      step: calls('The tests should show it.', ['call_4', 'run_project_command', { name: 'test' }]),
    },
    {
      note: 'Goes on by reading.',
      step: calls(
        'Then by reading alone: the rule that was agreed, and who else splits.',
        ['call_5', 'read_file', { path: 'docs/adr/0002-splitting-amounts.md' }],
        ['call_6', 'read_file', { path: 'src/credit-note.js' }],
        ['call_7', 'read_file', { path: 'src/tax.js' }],
      ),
    },
    {
      note: 'Answers in a sentence; a report was asked for.',
      step: says('The cent is lost in `src/allocate.js`, which rounds every share on its own.'),
    },
    { note: 'The report.', step: says(REPORT) },
  ],
};
