/** The axes of the label guide and where each has its outputs in the one vector that the model gives. */
import { classification } from '../../src/core/events/planParts';

const { intent, surface, sensitivity, risk } = classification.shape;

export const INTENTS = intent.options;
export const SURFACES = surface.options;
export const SENSITIVITIES = sensitivity.options;
export const RISKS = risk.element.options;

/** From which output an axis begins. */
export const AT = {
  intent: 0,
  surface: INTENTS.length,
  sensitivity: INTENTS.length + SURFACES.length,
  risk: INTENTS.length + SURFACES.length + SENSITIVITIES.length,
} as const;

export const OUTPUTS = AT.risk + RISKS.length;

/** The axes of which exactly one label holds. */
export const CHOICES = [
  { axis: 'intent', at: AT.intent, labels: INTENTS },
  { axis: 'surface', at: AT.surface, labels: SURFACES },
  { axis: 'sensitivity', at: AT.sensitivity, labels: SENSITIVITIES },
] as const;
