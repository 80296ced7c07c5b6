/** The data set that the gatekeeper's model is trained on, reviewed like code. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { INTENTS, RISKS } from '../../../.gatekeeper/train/axes';
import { promptsOf, readDataset, readDevelopmentSet } from '../../../.gatekeeper/train/dataset';
import { withoutDuplicates } from '../../../.gatekeeper/train/duplicates';

const own = path.resolve(import.meta.dirname, '../../../.gatekeeper');
const prompts = readDataset(path.join(own, 'data'));
const development = readDevelopmentSet(path.join(own, 'development.jsonl'));

describe('the data set', () => {
  const { kept, nearDevelopment, nearAnother } = withoutDuplicates(prompts, development);

  it('has at least 6,000 prompts that are no near-duplicates of each other', () => {
    expect(kept.length).toBeGreaterThanOrEqual(6000);
    expect(nearAnother.length).toBeLessThan(prompts.length / 100);
  });

  it('keeps out what is near to the development set', () => {
    expect(nearDevelopment.length).toBeLessThan(10);
    expect(kept.filter((prompt) => nearDevelopment.some((removed) => removed.prompt === prompt))).toEqual([]);
  });

  it('has hundreds of prompts for each intent and each risk', () => {
    for (const intent of INTENTS) expect(kept.filter((each) => each.intent === intent).length).toBeGreaterThan(500);
    for (const risk of RISKS) expect(kept.filter((each) => each.risk.includes(risk)).length).toBeGreaterThan(300);
  });

  it('has at least 300 look-alikes and 300 unclear ones, and prompts in other languages', () => {
    const from = (file: string) => kept.filter(({ where }) => where.startsWith(file));
    expect(from('lookalikes.psv').filter(({ risk }) => risk.length === 0).length).toBeGreaterThan(300);
    expect(from('unclear.psv').length).toBeGreaterThan(300);
    expect(from('languages.psv').length).toBeGreaterThan(300);
  });
});

describe('a near-duplicate', () => {
  const [first, second] = promptsOf(
    'bugfix|none|low||the totals of the invoice are off by one\nbugfix|none|low||The totals of the invoices are off by one!',
    'a.psv',
  );

  it('is dropped for the sake of the first, with what it is near to', () => {
    if (first === undefined || second === undefined) throw new Error('two prompts were given');
    const { kept, nearAnother } = withoutDuplicates([first, second], []);
    expect(kept).toEqual([first]);
    expect(nearAnother).toEqual([{ prompt: second, near: first, likeness: 0.825 }]);
  });

  it('of the development set is dropped before anything is trained on it', () => {
    if (first === undefined || second === undefined) throw new Error('two prompts were given');
    expect(withoutDuplicates([second], [first])).toMatchObject({ kept: [], nearDevelopment: [{ prompt: second }] });
  });
});

describe('a line of the data set', () => {
  it('may hold bars, line breaks and several risks', () => {
    expect(promptsOf('# a comment\n\noperate|none|high|deo|a | b\\nc', 'a.psv')).toEqual([
      {
        intent: 'operate',
        surface: 'none',
        sensitivity: 'high',
        risk: ['destructive', 'exfiltration', 'override'],
        text: 'a | b\nc',
        where: 'a.psv:3',
      },
    ]);
  });

  it.each(['bug|none|low||text', 'bugfix|none|low|x|text', 'bugfix|none|low||', 'bugfix|none|low|'])(
    'is refused with its place when it breaks the format: %s',
    (line) => {
      expect(() => promptsOf(`\n${line}`, 'a.psv')).toThrow('a.psv:2');
    },
  );
});
