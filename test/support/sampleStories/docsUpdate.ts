/** A section of the README: a denied file, an example with wrong numbers, a reviewer who computes it. */
import { calls, says } from '../scriptedModel';
import type { SampleStory } from './story';

const README = 'README.md';
const AFTER_THIS = '## Where things are\n';
const PROSE = 'takes back a part, spread over the lines in proportion to what they cost. The amount is';
const WRONG = `\`creditNote\` takes back a whole invoice. \`partialCredit\` ${PROSE}
with tax:

\`\`\`js
import { creditNote, partialCredit } from './src/index.js';

creditNote(invoice, 'C-2024-003'); // the same numbers with the other sign
partialCredit(invoice, 1000);
// [{ description: 'Desk lamp', credit: -690 }, { description: 'Handbook', credit: -310 }]
\`\`\`
`;
const RIGHT = WRONG.replace(
  'with tax:',
  'before tax, and never more than the net of the invoice (`RangeError`):',
).replace(
  "credit: -690 }, { description: 'Handbook', credit: -310 }",
  "credit: -710 }, { description: 'Handbook', credit: -290 }",
);
const SECTION = `## Give something back

${WRONG}
`;

export const DOCS_UPDATE: SampleStory = {
  blueprint: 'docs_update',
  cassette: 'sample_docs_update',
  title: 'Sample: how to credit a part of an invoice',
  task: 'The README does not say how to credit an invoice, or a part of it. Add a short section with an example.',
  mended: false,
  denials: 1,
  changes: ['README.md'],
  beats: [
    {
      note: 'Reads the code that it describes.',
      step: calls(
        'I read what the functions do and which numbers their tests hold on to.',
        ['call_1', 'read_file', { path: 'src/credit-note.js' }],
        ['call_2', 'read_file', { path: 'test/credit-note.test.js' }],
      ),
    },
    {
      note: 'Writes the section, and wants to instruct other agents as well; that file is for people.',
      step: calls(
        'The section goes before the table of files, and goes on with the invoice of the first example.',
        ['call_3', 'replace_in_file', { path: README, old: AFTER_THIS, new: SECTION + AFTER_THIS }],
        ['call_4', 'write_file', { path: 'AGENTS.md', content: 'Keep README.md in step with src/credit-note.js.\n' }],
      ),
    },
    {
      note: 'Says that it is finished.',
      step: says('The README has a section on credits, with an example that goes on with its invoice.'),
    },
    {
      note: 'The reviewer follows the example through the code.',
      step: calls(
        'I compute the example: which amounts are the weights, and what the amount includes.',
        ['call_1', 'read_file', { path: 'src/credit-note.js' }],
        ['call_2', 'read_file', { path: 'src/allocate.js' }],
      ),
    },
    {
      note: 'The reviewer rejects.',
      step: says(
        JSON.stringify({
          verdict: 'reject',
          reasons: [
            'README.md: the amount of partialCredit is before tax, not with tax (src/credit-note.js).',
            'README.md: the weights are the nets 4410 and 1799, so 1000 is spread as -710 and -290, not -690 and -310.',
            'README.md: it is not said that an amount above the net of the invoice throws a RangeError.',
          ],
          only_documentation: true,
          examples_checked: ['partialCredit(invoice, 1000)'],
        }),
      ),
    },
    {
      note: 'Corrects text and numbers.',
      step: calls('All three points are right.', [
        'call_1',
        'replace_in_file',
        { path: README, old: WRONG, new: RIGHT },
      ]),
    },
    { note: 'Back to the checks.', step: says('The section says what the code does, with the numbers that it gives.') },
    {
      note: 'The reviewer is content.',
      step: says(
        JSON.stringify({
          verdict: 'approve',
          reasons: ['Each sentence follows from src/credit-note.js, and the numbers of the example are right.'],
          only_documentation: true,
          examples_checked: ["creditNote(invoice, 'C-2024-003')", 'partialCredit(invoice, 1000)'],
        }),
      ),
    },
  ],
};
