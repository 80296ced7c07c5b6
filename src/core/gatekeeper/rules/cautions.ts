/** Everything in a task that asks for caution, by the rules alone: its risks and how sensitive it is, each with its reason. */
import type { Plan, TaskFacts } from '../../events/planParts';
import { isSensitive, placeholdersIn, plainGate } from '../gate';
import { holdsPlaceholder } from '../redact';
import { DESTRUCTIONS } from './destructive';
import { DESTRUCTIONS_ELSEWHERE } from './destructiveElsewhere';
import { EXFILTRATIONS } from './exfiltration';
import { EXFILTRATIONS_ELSEWHERE } from './exfiltrationElsewhere';
import { asksOnly } from './intent';
import { reasonsIn, type Signal } from './match';
import { namedPaths } from './named';
import { OVERRIDES } from './override';
import { OVERRIDES_ELSEWHERE } from './overrideElsewhere';
import { HIGH, HIGH_ELSEWHERE, MEDIUM } from './sensitive';
import type { RuleText } from './text';

export type Cautions = Pick<Plan, 'sensitivity' | 'risk'> & { readonly reasons: readonly string[] };

const RISKS: readonly (readonly [Plan['risk'][number], readonly Signal[]])[] = [
  ['destructive', [...DESTRUCTIONS, ...DESTRUCTIONS_ELSEWHERE]],
  ['exfiltration', [...EXFILTRATIONS, ...EXFILTRATIONS_ELSEWHERE]],
  ['override', [...OVERRIDES, ...OVERRIDES_ELSEWHERE]],
];

/** What the rules find; `task` is as it was typed or as a gate has left it, `read` the same as the rules read it. */
export function cautionsIn(task: string, read: RuleText, facts: TaskFacts, withheld: readonly string[]): Cautions {
  const { plain, unmasked, hidden, smuggled } = read;
  const risks = RISKS.map(([risk, signals]) => ({
    risk,
    reasons: risk === 'destructive' && tellsOf(plain) ? [] : reasonsIn(signals, plain, unmasked),
  }));
  const override = risks[2];
  if (smuggled && override !== undefined) override.reasons.push('hides text from whoever reads it');
  const asked = risks.filter(({ reasons }) => reasons.length > 0);
  const paths = namedPaths(plain, facts, withheld);
  const held = heldIn(task);
  const secrets = asked.some(({ reasons }) => reasons.some((reason) => /secrets|personal or internal/.test(reason)));
  const high = [
    ...held.high,
    ...paths.high,
    ...reasonsIn([...HIGH, ...HIGH_ELSEWHERE], plain),
    ...(secrets ? ['is about secrets or records themselves'] : []),
  ];
  const medium = [...held.medium, ...paths.medium, ...reasonsIn(MEDIUM, plain), ...hidden.map((what) => `has ${what}`)];
  return {
    sensitivity: high.length > 0 ? 'high' : medium.length > 0 ? 'medium' : 'low',
    risk: asked.map(({ risk }) => risk),
    reasons: [
      ...asked.flatMap(({ risk, reasons }) => reasons.map((reason) => `${reason} (${risk})`)),
      ...high,
      ...medium,
    ],
  };
}

const TELLS =
  /^\s*\[?(?:explain|describe|docs?|document|tests?|spec|rspec|readme|changelog|(?:add|write) (?:an? |another |some )*(?:tip|note|section|regression|unit|test|docs?|warning|guide|cheat))\b/iu;

/** True when a task is about a deletion and orders none: a question, a text, a test. */
const tellsOf = (plain: string): boolean => asksOnly(plain) || TELLS.test(plain);

/** Secrets and personal data in the task, or the placeholders that are left of them. */
function heldIn(task: string): { readonly high: readonly string[]; readonly medium: readonly string[] } {
  const { counts } = plainGate(4).redact(task);
  const left = placeholdersIn(task);
  if (isSensitive(counts) || isSensitive(left))
    return { high: ['holds a secret or a personal number itself'], medium: [] };
  // A placeholder whose kind nobody knows any more stands for a secret until the opposite is known.
  const known = Object.keys(left).length > 0;
  if (!known && holdsPlaceholder(task)) return { high: ['holds a secret or a personal number itself'], medium: [] };
  const harmless = Object.keys(counts).length > 0 || known;
  return { high: [], medium: harmless ? ['holds an address or a number of a person'] : [] };
}
