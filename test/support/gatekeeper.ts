/** The gatekeeper of runs that are made up: a surveyor that finds nothing, and a gate that knows no values. */
import { type Clear, clearThrough } from '../../src/core/gatekeeper/egress';
import { type Gate, plainGate } from '../../src/core/gatekeeper/gate';
import type { Classifier } from '../../src/core/ports/classifier';
import type { Surveyor } from '../../src/core/ports/surveyor';

export const NO_FACTS = { files: 0, packages: [], packageCount: 0, named: [], ignored: [] };

/** Its ports, as an engine of that version has them. */
export function gatekeeping(engine = 4): {
  readonly surveyor: Surveyor;
  readonly gate: Gate;
  readonly clear: Clear;
} {
  const gate = plainGate(engine);
  return { surveyor: { survey: async () => NO_FACTS }, gate, clear: clearThrough(gate) };
}

export const NO_MODEL = { id: 'rules', sha256: null };

/** No local model at all: the rules alone make the plan. */
export const RULES_ALONE: Classifier = {
  identify: async () => NO_MODEL,
  classify: async () => ({ classification: null, ms: 0, problem: 'there is no local model' }),
};
