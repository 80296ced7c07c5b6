/** How a decision came about, and how today's policy differs from a run's, as the timeline shows them. */
import { z } from 'zod';
import { count } from '../core/events/parts';

/** The most steps of a derivation, and the most changes of a kind, that are sent. */
export const MAX_STEPS = 1000;
export const MAX_DRIFT = 200;

/** `allow`, `ask` or `deny`; any other word is shown as it is. */
const effect = z.string();

const stepSchema = z.strictObject({
  layer: z.string(),
  source: z.string(),
  rule: z.string(),
  effect,
  /** What of the call it was compared with; null for the call as a whole. */
  target: z.string().nullable(),
  matched: z.boolean(),
  /** True for the one step that made the decision; there is none when nothing allows the call. */
  won: z.boolean(),
  why: z.string(),
});
export type ExplainedStep = z.infer<typeof stepSchema>;

export const explanationSchema = z.strictObject({
  decision: z.strictObject({ decision: effect, rule: z.string(), layer: z.string(), reason: z.string() }),
  /** In the order in which the rules were looked at. */
  steps: z.array(stepSchema).max(MAX_STEPS),
  /** How many are not sent. */
  moreSteps: count,
});
export type Explanation = z.infer<typeof explanationSchema>;

const driftChange = z.strictObject({ what: z.string(), was: effect, now: effect, rule: z.string() });
export type DriftChange = z.infer<typeof driftChange>;

export const driftSchema = z.strictObject({
  /** Hashes of the run's frozen policy and of today's. */
  was: z.string(),
  now: z.string(),
  wider: z.array(driftChange).max(MAX_DRIFT),
  narrower: z.array(driftChange).max(MAX_DRIFT),
  /** How many changes are not sent. */
  more: count,
});
export type Drift = z.infer<typeof driftSchema>;

const WHOSE: Readonly<Record<string, string>> = {
  managed: 'the managed policy, which an administrator keeps',
  user: "the person's own policy",
  workspace: "the workspace's policy",
  chosen: 'the policy that was chosen for the run',
};

/**
 * Where a rule comes from, in words that follow "This rule comes from", out of a decision's `layer`:
 * `managed policy acme (/etc/openexec/policy.yaml)`. A text of another form is given back as it is.
 */
export function ruleOrigin(layer: string): string {
  if (layer === 'built in') return 'OpenExec itself; no policy can change it';
  if (layer === 'gatekeeper') return "the gatekeeper's plan of this run";
  const [, whose = 'chosen', id, source] = /^(?:(\w+) )?policy (\S+)(?: \((.*)\))?$/s.exec(layer) ?? [];
  const words = WHOSE[whose];
  if (id === undefined || words === undefined) return layer;
  return `${words}: ${id}${source === undefined || source === '' || source === id ? '' : ` (${source})`}`;
}
