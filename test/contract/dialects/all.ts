/** Every protocol that a model is asked over. */
import type { Dialect } from '../dialect';
import { anthropic } from './anthropic';
import { chat } from './chat';
import { responses } from './responses';

export const DIALECTS: readonly Dialect[] = [chat, responses, anthropic];
