import type { Tone } from '../../../src/protocol/messages';
import type { IconName } from '../icons';

type Sign = { readonly word: string; readonly icon: IconName; readonly tone: Tone };

const SIGNS = new Map<string, Sign>([
  ['allow', { word: 'allowed', icon: 'pass', tone: 'good' }],
  ['ask', { word: 'asks a person', icon: 'person', tone: 'warn' }],
  ['deny', { word: 'denied', icon: 'circle-slash', tone: 'bad' }],
]);

/** What a rule does, as word, icon and tone; a word of another version is shown as it is. */
export const effectSign = (effect: string): Sign =>
  SIGNS.get(effect) ?? { word: effect, icon: 'question', tone: 'neutral' };
