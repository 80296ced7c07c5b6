/** What the labels of anybody's own model are worth. */
import { describe, expect, test } from 'vitest';
import { classificationFrom, pipelineLabelsSchema } from '../../../../src/node/gatekeeper/pipelineLabels';

const read = (value: unknown) => pipelineLabelsSchema.parse(value);
const ALL = read({
  id: 'all',
  labels: {
    BUG: 'intent:bugfix',
    CRASH: 'intent:bugfix',
    WISH: 'intent:feature',
    UI: 'surface:frontend',
    CALM: 'sensitivity:low',
    SECRET: ['sensitivity:high', 'risk:exfiltration'],
  },
  thresholds: { risk: 0.2 },
});

describe('the labels of a model', () => {
  test('that are worth the same value count together', () => {
    const scores = [
      { label: 'BUG', score: 0.3 },
      { label: 'CRASH', score: 0.3 },
      { label: 'WISH', score: 0.4 },
    ];
    expect(classificationFrom(scores, ALL)).toMatchObject({ intent: 'bugfix', confidence: 0.6 });
  });

  test('may be worth values of several axes, each believed from its own threshold on', () => {
    const found = classificationFrom([{ label: 'SECRET', score: 0.25 }], ALL);
    expect(found).toMatchObject({ sensitivity: 'high', risk: ['exfiltration'] });
    expect(found.unsure).toContain('sensitivity');
    expect(found.unsure).not.toContain('risk');
  });

  test('that are as likely as each other are read as the stricter one', () => {
    const even = [
      { label: 'CALM', score: 0.5 },
      { label: 'SECRET', score: 0.5 },
    ];
    expect(classificationFrom(even, ALL).sensitivity).toBe('high');
    expect(classificationFrom(even.toReversed(), ALL).sensitivity).toBe('high');
  });

  test('that the map does not know are worth nothing, not even by the name of a member of every object', () => {
    const strange = ['constructor', '__proto__', 'OTHER'].map((label) => ({ label, score: 1 }));
    expect(classificationFrom(strange, ALL)).toEqual({
      intent: 'feature',
      surface: 'none',
      sensitivity: 'medium',
      risk: [],
      confidence: 0,
      unsure: ['intent', 'surface', 'sensitivity'],
    });
  });

  test('leave an axis unsure that none of them is about', () => {
    const onlyIntent = read({ id: 'one', labels: { BUG: 'intent:bugfix' } });
    expect(classificationFrom([{ label: 'BUG', score: 1 }], onlyIntent)).toEqual({
      intent: 'bugfix',
      surface: 'none',
      sensitivity: 'medium',
      risk: [],
      confidence: 1,
      unsure: ['surface', 'sensitivity', 'risk'],
    });
  });

  test.each(['intent:bug', 'bugfix', 'mood:good', 'risk:destructive:very', 'risk:'])('are not worth “%s”', (value) => {
    expect(pipelineLabelsSchema.safeParse({ id: 'x', labels: { A: value } }).success).toBe(false);
  });
});
