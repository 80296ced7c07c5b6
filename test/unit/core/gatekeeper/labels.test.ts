import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classificationOf, type LabelMap, labelMapSchema } from '../../../../src/core/gatekeeper/labels';

const map: LabelMap = {
  id: 'test-model',
  intent: {
    labels: ['question', 'feature', 'bugfix', 'refactor', 'tests', 'docs', 'build', 'operate'],
    temperature: 1,
    abstain: 0.5,
  },
  surface: { labels: ['frontend', 'backend', 'none'], temperature: 1, abstain: 0.5 },
  sensitivity: {
    labels: ['low', 'medium', 'high'],
    temperature: 1,
    thresholds: { medium: 0.4, high: 0.2 },
    doubt: { medium: 0.3, high: 0.1 },
  },
  risk: {
    labels: ['destructive', 'exfiltration', 'override'],
    temperature: 1,
    thresholds: { destructive: 0.5, exfiltration: 0.3, override: 0.3 },
    doubt: { destructive: 0.3, exfiltration: 0.2, override: 0.2 },
  },
};

/** Outputs that become just these probabilities. */
const outputs = (
  levels: readonly [number, number, number],
  flags: readonly [number, number, number] = [0.01, 0.01, 0.01],
): number[] => [
  ...[9, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 9, 0],
  ...levels.map(Math.log),
  ...flags.map((flag) => Math.log(flag / (1 - flag))),
];

describe('what the outputs of the model say', () => {
  it('is the likeliest intent and surface, with the probability of the intent', () => {
    const said = classificationOf(outputs([0.98, 0.01, 0.01]), map);
    expect(said).toEqual({
      intent: 'question',
      surface: 'backend',
      sensitivity: 'low',
      risk: [],
      confidence: 0.9991,
      unsure: [],
    });
  });

  it('is a secret well before that is the likeliest', () => {
    expect(classificationOf(outputs([0.6, 0.15, 0.25]), map).sensitivity).toBe('high');
  });

  it('counts what may be high for at least medium', () => {
    expect(classificationOf(outputs([0.57, 0.25, 0.18]), map)).toMatchObject({
      sensitivity: 'medium',
      unsure: ['sensitivity'],
    });
  });

  it('raises each risk flag at a threshold of its own, and a doubt below it', () => {
    const said = classificationOf(outputs([0.98, 0.01, 0.01], [0.4, 0.4, 0.1]), map);
    expect(said).toMatchObject({ risk: ['exfiltration'], unsure: ['risk'] });
  });

  it('is unsure of an intent that is not likely enough', () => {
    const even = outputs([0.98, 0.01, 0.01]).map((value, i) => (i < 8 ? 0 : value));
    expect(classificationOf(even, map)).toMatchObject({ confidence: 0.125, unsure: ['intent'] });
  });

  it('is less sure of itself at a higher temperature', () => {
    const warm = { ...map, intent: { ...map.intent, temperature: 10 } };
    expect(classificationOf(outputs([0.98, 0.01, 0.01]), warm).confidence).toBeLessThan(0.3);
  });

  it('is never harmless when the outputs are too few or no numbers', () => {
    const broken = [[], [1, 2], outputs([0.9, 0.05, 0.05]).map(() => Number.NaN), [...outputs([0.9, 0.05, 0.05]), 0]];
    for (const logits of broken) {
      expect(classificationOf(logits, map)).toMatchObject({
        sensitivity: 'high',
        confidence: 0,
        unsure: ['intent', 'surface', 'sensitivity', 'risk'],
      });
    }
  });

  it('never gets milder when the output of a stricter level or of a flag rises', () => {
    const levels = ['low', 'medium', 'high'];
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 17, maxLength: 17 }), (logits) => {
        const raised = logits.map((value, i) => (i >= 13 ? value + 1 : value));
        const [before, after] = [classificationOf(logits, map), classificationOf(raised, map)];
        expect(levels.indexOf(after.sensitivity)).toBeGreaterThanOrEqual(levels.indexOf(before.sensitivity));
        expect(before.risk.every((flag) => after.risk.includes(flag))).toBe(true);
      }),
    );
  });
});

describe('the label map', () => {
  it('is refused without a label, with one twice, or with a temperature of nothing', () => {
    const wrong = [
      { ...map, surface: { ...map.surface, labels: ['frontend', 'backend'] } },
      { ...map, surface: { ...map.surface, labels: ['frontend', 'backend', 'backend'] } },
      { ...map, intent: { ...map.intent, temperature: 0 } },
      { ...map, risk: { ...map.risk, thresholds: { destructive: 0.5 } } },
    ];
    expect(labelMapSchema.parse(map)).toEqual(map);
    for (const each of wrong) expect(labelMapSchema.safeParse(each).success).toBe(false);
  });
});
