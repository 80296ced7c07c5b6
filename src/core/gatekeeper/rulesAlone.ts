import type { Classifier } from '../ports/classifier';

/** The classifier of a build without a local model: it answers nothing, so the rules alone make the plan. */
export const RULES_ALONE: Classifier = {
  id: { id: 'rules', sha256: null },
  classify: async () => ({ classification: null, ms: 0 }),
};
