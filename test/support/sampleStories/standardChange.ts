/** A feature: a denied command, a lint finding, tests that find an older fault, a review that is not content at first. */
import { calls, says } from '../scriptedModel';
import { AFTER, BEFORE, LARGEST_REMAINDER, PATH, ROUNDED } from './allocate';
import type { SampleStory } from './story';

const CODE = 'src/discount.js';
const TESTS = 'test/discount.test.js';

const AFTER_THIS = `/**
 * @param {number} subtotal what the lines are worth before the discount
`;
const TOO_LONG =
  ' * @returns {{ rate: number, discount: number }[]} one entry for each tax rate, lowest first, adding up to the discount\n';
const SHORT = ' * @returns {{ rate: number, discount: number }[]} lowest rate first; they add up to the discount\n';
const BY_RATE = `/**
 * Tells how much of an invoice's discount belongs to each tax rate.
 *
 * @param {{ lines: { taxRate: number, discount: number }[] }} invoice
${TOO_LONG} */
export function discountByRate({ lines }) {
  const rates = [...new Set(lines.map((line) => line.taxRate))].sort((a, b) => a - b);
  return rates.map((rate) => {
    const discounts = lines.filter((line) => line.taxRate === rate).map((line) => line.discount);
    return { rate, discount: sum(discounts) };
  });
}

`;

const LAST_TEST = "  test('is never more than the lines are worth', () => {\n";
const NEW_TEST = `  test('is told by tax rate, and adds up', () => {
    const shelf = { description: 'Shelf', quantity: 1, unitPrice: 10000 };
    const invoice = createInvoice({
      number: '2024-020',
      currency: 'EUR',
      discount: { kind: 'amount', amount: 1000 },
      lines: [1900, 700, 1900].map((taxRate) => ({ ...shelf, taxRate })),
    });
    assert.deepEqual(discountByRate(invoice), [
      { rate: 700, discount: 333 },
      { rate: 1900, discount: 667 },
    ]);
  });

`;
const TEST_IMPORT = "import { discountAmount, discountLines } from '../src/discount.js';\n";
const NEW_TEST_IMPORT = `import { discountAmount, discountByRate, discountLines } from '../src/discount.js';
import { createInvoice } from '../src/invoice.js';
`;

const EXPORT = "export { minorDigits } from './currency.js';\n";
const README_IMPORT = "import { createInvoice, formatMoney, toCsv } from './src/index.js';\n";
const README_USE = 'toCsv(invoice); // one row a line, ready for a spreadsheet\n';
const README_ROW = '| `src/discount.js` | Gives every line its part of a discount |';

const edit = (id: string, path: string, old: string, becomes: string) =>
  [id, 'replace_in_file', { path, old, new: becomes }] as const;

export const STANDARD_CHANGE: SampleStory = {
  blueprint: 'standard_change',
  cassette: 'sample_standard_change',
  title: 'Sample: the discount of an invoice by tax rate',
  task:
    'Bookkeeping needs the discount of an invoice by tax rate. Add discountByRate(invoice): one entry per rate, lowest ' +
    'first, which together are exactly the discount, also when it does not divide evenly.',
  mended: false,
  denials: 1,
  changes: ['README.md', 'src/allocate.js', 'src/discount.js', 'src/index.js', 'test/discount.test.js'],
  beats: [
    {
      note: 'Reads the code that it will change, and its tests.',
      step: calls(
        'The lines of an invoice carry their part of the discount. I read how it gets there, and how it is tested.',
        ['call_1', 'read_file', { path: CODE }],
        ['call_2', 'read_file', { path: TESTS }],
      ),
    },
    {
      note: 'Wants the history through a pipe; there is no shell, and the line is refused.',
      step: calls('The history may say why the parts are kept on the lines.', [
        'call_3',
        'run_command',
        { command: 'git log --oneline -- src/discount.js | head -5' },
      ]),
    },
    {
      note: 'Goes on without it: the function, its export, a test.',
      step: calls(
        'I go on without the history. The function adds up what the lines carry, so it needs no rounding of its own.',
        edit('call_4', CODE, AFTER_THIS, BY_RATE + AFTER_THIS),
        edit('call_5', 'src/index.js', EXPORT, `${EXPORT}export { discountByRate } from './discount.js';\n`),
        edit('call_6', TESTS, TEST_IMPORT, NEW_TEST_IMPORT),
        edit('call_7', TESTS, LAST_TEST, NEW_TEST + LAST_TEST),
      ),
    },
    {
      note: 'Says that it is finished; the checks will see.',
      step: says('`discountByRate` gives the discount of an invoice by tax rate, and is exported and tested.'),
    },
    {
      note: 'Mends what the linter found.',
      step: calls('One line of the comment is too long.', edit('call_8', CODE, TOO_LONG, SHORT)),
    },
    { note: 'Back to the linter.', step: says('The comment fits into 100 columns.') },
    {
      note: 'The new test fails for an old reason; reads where the cent is lost.',
      step: calls(
        'The new test misses a cent that the lines have lost already, and two older tests say the same. I read how an amount is split and how it should be.',
        ['call_9', 'read_file', { path: PATH }],
        ['call_10', 'read_file', { path: 'docs/adr/0002-splitting-amounts.md' }],
      ),
    },
    {
      note: 'Mends the cause, not the test.',
      step: calls(
        '`allocate` rounds every share on its own. By ADR 2 the cents that are left over go to the largest remainders.',
        edit('call_11', PATH, ROUNDED, LARGEST_REMAINDER),
        edit('call_12', PATH, BEFORE, AFTER),
      ),
    },
    {
      note: 'Says what was wrong.',
      step: says('`allocate` rounded every share on its own, so that the discounts of the lines did not add up.'),
    },
    {
      note: 'The reviewer looks at what users of the library read.',
      step: calls('The function and its test are in order. I look whether its users can find it.', [
        'call_13',
        'read_file',
        { path: 'README.md' },
      ]),
    },
    {
      note: 'The reviewer rejects.',
      step: says(
        JSON.stringify({
          verdict: 'reject',
          reasons: [
            'README.md: discountByRate is exported, but neither the example nor the table of files tells of it.',
          ],
          tested: true,
          risk: 'low',
        }),
      ),
    },
    {
      note: 'Does what the review asks for.',
      step: calls(
        'The README shows the public functions in one example; the new one belongs there.',
        edit(
          'call_14',
          'README.md',
          README_IMPORT,
          README_IMPORT.replace('formatMoney', 'discountByRate, formatMoney'),
        ),
        edit(
          'call_15',
          'README.md',
          README_USE,
          `${README_USE}discountByRate(invoice); // [{ rate: 700, discount: 200 }, { rate: 1900, discount: 490 }]\n`,
        ),
        edit(
          'call_16',
          'README.md',
          README_ROW,
          README_ROW.replace('a discount |', 'a discount, and tells it by rate |'),
        ),
      ),
    },
    { note: 'Back to the checks.', step: says('The README shows `discountByRate` in its example and in its table.') },
    {
      note: 'The reviewer is content.',
      step: says(
        JSON.stringify({
          verdict: 'approve',
          reasons: [
            'The parts are sums of what the lines carry, so they add up to the discount by construction.',
            'The README shows the function with numbers that follow from its example.',
          ],
          tested: true,
          risk: 'low',
        }),
      ),
    },
  ],
};
