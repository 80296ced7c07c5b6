/** A refactoring that changes an order by mistake, and a reviewer who has to be asked for a verdict. */
import { calls, says } from '../scriptedModel';
import type { SampleStory } from './story';

const PATH = 'src/tax.js';

const MANY_PASSES = `  const rates = [...new Set(lines.map((line) => line.taxRate))].sort((a, b) => a - b);
  return rates.map((rate) => {
    const nets = lines.filter((line) => line.taxRate === rate).map((line) => line.net);
    return { rate, net: sum(nets), tax: taxOf(nets, rate, rounding) };
  });
}
`;
const ONE_PASS = `  return [...netsByRate(lines)].map(([rate, nets]) => ({
    rate,
    net: sum(nets),
    tax: taxOf(nets, rate, rounding),
  }));
}

/** The nets of the lines of each tax rate. */
function netsByRate(lines) {
  const byRate = new Map();
  for (const { taxRate, net } of lines) {
    const nets = byRate.get(taxRate);
    if (nets === undefined) byRate.set(taxRate, [net]);
    else nets.push(net);
  }
  return byRate;
}
`;
const AS_MET = '  return [...netsByRate(lines)].map(([rate, nets]) => ({\n';
const SORTED = `  const bands = [...netsByRate(lines)].sort(([a], [b]) => a - b);
  return bands.map(([rate, nets]) => ({
`;
const VERDICT = {
  verdict: 'approve',
  reasons: [
    'Bands come lowest rate first, as before, and the nets of a band in the order of the lines.',
    'An unknown rounding still throws for the first band, and an empty list of lines still gives no band.',
  ],
  behaviour_kept: true,
  tests_touched: false,
};

export const REFACTOR_SAFELY: SampleStory = {
  blueprint: 'refactor_safely',
  cassette: 'sample_refactor_safely',
  title: 'Sample: tax bands in one pass',
  task: 'taxBands looks through all lines once for every tax rate. Group them in one pass; no caller may notice.',
  mended: true,
  denials: 0,
  changes: ['src/tax.js'],
  beats: [
    {
      note: 'Reads the function and who uses it.',
      step: calls(
        'I read the function, what its tests hold on to, and who calls it.',
        ['call_1', 'read_file', { path: PATH }],
        ['call_2', 'read_file', { path: 'test/tax.test.js' }],
        ['call_3', 'search', { query: 'taxBands(' }],
      ),
    },
    {
      note: 'Groups in one pass, and loses the order.',
      step: calls('A map from rate to nets takes one pass.', [
        'call_4',
        'replace_in_file',
        { path: PATH, old: MANY_PASSES, new: ONE_PASS },
      ]),
    },
    {
      note: 'Says that it is finished; the tests will see.',
      step: says('The lines are looked through once, and grouped by a function of its own.'),
    },
    {
      note: 'Sees in the report that the order has changed, mends it and runs the tests itself.',
      step: calls(
        'The bands come in the order of the lines now; they were sorted by rate before.',
        ['call_1', 'replace_in_file', { path: PATH, old: AS_MET, new: SORTED }],
        ['call_2', 'run_project_command', { name: 'test' }],
      ),
    },
    { note: 'Says what had changed.', step: says('The bands had lost their order, lowest rate first.') },
    {
      note: 'The reviewer reads the whole function.',
      step: calls('I read the function as it is now, for what the diff leaves out.', [
        'call_1',
        'read_file',
        { path: PATH },
      ]),
    },
    {
      note: 'The reviewer says it in words; that is not the verdict that was asked for.',
      step: says('The behaviour is the same for every caller, and no test was touched. I approve.'),
    },
    { note: 'The verdict.', step: says(`\`\`\`json\n${JSON.stringify(VERDICT, null, 2)}\n\`\`\``) },
  ],
};
