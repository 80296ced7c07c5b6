/** The whole derivation of a decision, in words: every rule that was looked at, and what came of it. */
import { assertNever } from '../kernel/assertNever';
import { type Decision, judge, type Look, type PolicyRequest, type RuleLayer } from './evaluate';
import type { RuleEffect, Snapshot, Toolset } from './schema';

export type ExplanationStep = {
  readonly layer: RuleLayer;
  /** Where the policy of the rule was read. */
  readonly source: string;
  readonly rule: string;
  readonly effect: RuleEffect;
  /** The path that was asked about; null when the call itself was. */
  readonly target: string | null;
  readonly matched: boolean;
  readonly why: string;
};

export type Explanation = {
  readonly decision: Decision;
  readonly steps: readonly ExplanationStep[];
  /** Steps that are left out, because the call has so many targets. */
  readonly omitted: number;
};

/** Steps that are told; a patch may have a thousand targets. */
const STEP_LIMIT = 1000;

/** Explains what `decide` answers, by the same code. Deterministic; never throws. */
export function explain(snapshot: Snapshot, request: PolicyRequest, narrower?: Toolset): Explanation {
  const steps: ExplanationStep[] = [];
  let looked = 0;
  const decision = judge(snapshot, request, narrower, (look) => {
    looked += 1;
    if (steps.length < STEP_LIMIT) steps.push(stepOf(look, request));
  });
  return { decision, steps, omitted: looked - steps.length };
}

function stepOf(look: Look, request: PolicyRequest): ExplanationStep {
  const { layer, source, rule, effect, target } = look;
  return { layer, source, rule, effect, target, matched: look.mismatch === null, why: whyOf(look, request) };
}

function whyOf({ mismatch, capability, target, reason }: Look, { tool, url }: PolicyRequest): string {
  switch (mismatch) {
    case null:
      return reason;
    case 'holds':
      return 'nothing stands against it';
    case 'only tightens':
      return 'this layer only tightens; what it would allow says nothing';
    case 'capabilities':
      return `the rule is not about ${capability}`;
    case 'tools':
      return `the rule is not about ${tool}`;
    case 'paths':
      return target === null ? 'the rule is about paths, and this names none' : `no path of the rule matches ${target}`;
    case 'commands':
      return 'the rule is about other commands';
    case 'hosts':
      return url === undefined ? 'the rule is about hosts, and this names none' : 'the rule names no such host';
    default:
      return assertNever(mismatch);
  }
}
