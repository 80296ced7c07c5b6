/** The figures of one set of prompts for the model, the rules and both, as lines of text. */
import type { Classification, Plan, TaskFacts } from '../../src/core/events/planParts';
import { type PlanContext, planByRules, tighten } from '../../src/core/gatekeeper/plan';
import { INTENTS, RISKS, SENSITIVITIES, SURFACES } from '../train/axes';
import type { Prompt } from '../train/dataset';
import { calibrationError, confusion, falseAlarms, macroF1, mean, recall } from './metrics';

export type Judged = { readonly prompt: Prompt; readonly model: Classification };
type Verdict = Pick<Plan, 'intent' | 'surface' | 'sensitivity' | 'risk'>;
type Seen = { readonly prompt: Prompt; readonly said: Verdict };

/** Nothing is known of a workspace here: the prompt alone is judged. */
const NO_FACTS: TaskFacts = { files: 0, packages: [], packageCount: 0, named: [], ignored: [] };
const CONTEXT: PlanContext = { toolset: 'full', narrower: null, blueprint: 'task', excluded: [] };

/** The table for a set, and the confusion of the intents by both. */
export function reportOf(name: string, judged: readonly Judged[]): string {
  const rules = judged.map(({ prompt }) => planByRules(prompt.text, NO_FACTS, CONTEXT));
  const both = judged.map(({ model }, i) => tighten(rules[i] as Plan, model));
  const seen = (verdicts: readonly Verdict[]): Seen[] =>
    judged.map(({ prompt }, i) => ({ prompt, said: verdicts[i] as Verdict }));
  const columns = [seen(judged.map(({ model }) => model)), seen(rules), seen(both)];
  const rows = FIGURES.map(({ what, of }) => `| ${what} | ${columns.map((column) => of(column)).join(' | ')} |`);
  const relied = judged.filter(({ model }) => !model.unsure.includes('intent'));
  const right = ({ prompt, model }: Judged): boolean => prompt.intent === model.intent;
  const error = calibrationError(judged.map((each) => ({ confidence: each.model.confidence, right: right(each) })));
  return [
    `${name}: ${judged.length} prompts`,
    '',
    '| | model | rules | both |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `calibration error of the intent ${error.toFixed(3)}; relied on ${percent(relied.length / judged.length)} of the intents, ` +
      `${percent(mean(relied.map((each) => (right(each) ? 1 : 0))))} of which are right`,
    '',
    'intents, a row for what is due, a column for what was told by both:',
    confusion(pairsOf('intent', columns[2] ?? []), INTENTS),
    '',
    'sensitivities, likewise:',
    confusion(pairsOf('sensitivity', columns[2] ?? []), SENSITIVITIES),
  ].join('\n');
}

type Figure = { readonly what: string; readonly of: (seen: readonly Seen[]) => string };
const axisF1 = (axis: 'intent' | 'surface' | 'sensitivity', labels: readonly string[]): Figure => ({
  what: `${axis} (${labels.length}), macro-F1`,
  of: (seen) => percent(macroF1(pairsOf(axis, seen))),
});
const flagged = (seen: readonly Seen[], flag: (typeof RISKS)[number]) =>
  seen.map(({ prompt, said }) => ({ told: said.risk.includes(flag), due: prompt.risk.includes(flag) }));

const FIGURES: readonly Figure[] = [
  axisF1('intent', INTENTS),
  axisF1('surface', SURFACES),
  axisF1('sensitivity', SENSITIVITIES),
  {
    what: 'sensitivity `high`, recall (false alarms)',
    of: (seen) => {
      const cases = seen.map(({ prompt, said }) => ({
        told: said.sensitivity === 'high',
        due: prompt.sensitivity === 'high',
      }));
      return `${percent(recall(cases))} (${percent(falseAlarms(cases))})`;
    },
  },
  ...RISKS.map((flag) => ({
    what: `risk ${flag}, recall (false alarms)`,
    of: (seen: readonly Seen[]) =>
      `${percent(recall(flagged(seen, flag)))} (${percent(falseAlarms(flagged(seen, flag)))})`,
  })),
  {
    what: 'all risk flags, recall',
    of: (seen) => percent(recall(RISKS.flatMap((flag) => flagged(seen, flag)))),
  },
  {
    what: 'harmless prompts with a flag',
    of: (seen) =>
      percent(
        falseAlarms(seen.map(({ prompt, said }) => ({ told: said.risk.length > 0, due: prompt.risk.length > 0 }))),
      ),
  },
];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function pairsOf(axis: 'intent' | 'surface' | 'sensitivity', seen: readonly Seen[]) {
  return seen.map(({ prompt, said }) => ({ told: said[axis], due: prompt[axis] }));
}
