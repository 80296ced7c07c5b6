/** What a person asks in the chat, recognised by plain words; no model is asked. Pure. */

/** What the participant can answer. */
export const QUESTIONS = ['start', 'runs', 'status', 'why'] as const;
type Question = (typeof QUESTIONS)[number];

const TO_DO =
  /^(?:please\s+)?(?:add|build|change|create|delete|fix|implement|make|move|refactor|remove|rename|write)\b/i;
const REFUSED = /\b(?:den(?:y|ied|ies|ials?)|refus(?:ed?|als?)|block(?:ed|s)?|forb(?:id|ids|idden|ade)|not allowed)\b/i;
const ASKS = /\b(?:why|explain|what|which|who|how come|reason)\b/i;
const STATE = /\b(?:status|state|running|pending|waiting|waits?|approvals?|progress)\b/i;
const RUNS = /\bruns\b|\b(?:list|show|recent|last|latest|newest)\b.*\brun\b|\bhistory\b/i;

/**
 * The question that a text without a command asks; null for any other. A text that tells to do something is never a question,
 * and nothing is started by words alone: `start` is never answered.
 */
export function questionOf(prompt: string): Exclude<Question, 'start'> | null {
  const text = prompt.trim();
  if (TO_DO.test(text)) return null;
  if (REFUSED.test(text) && ASKS.test(text)) return 'why';
  if (STATE.test(text)) return 'status';
  return RUNS.test(text) ? 'runs' : null;
}

/** What a question names. */
export type Named = {
  /** The number of an event; null when none is named. */
  readonly seq: number | null;
  /** Every word, in small letters, without the marks around it: one may be the id of a run, a tool, a rule or a path. */
  readonly words: readonly string[];
};

/** `event 42`, `#42` and a lone `42` name an event. */
const EVENT = /(?:^|\s)(?:event\s+|#)(\d{1,9})(?![\w-])|^\s*(\d{1,9})\s*$/i;
const MARKS = /^["'`“”‘’«»([{<]+|["'`“”‘’«»)\]}>?!,;:.]+$/g;

export function namedIn(prompt: string): Named {
  const [, labelled, lone] = EVENT.exec(prompt) ?? [];
  const seq = labelled ?? lone;
  const words = prompt
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(MARKS, ''))
    .filter((word) => word !== '');
  return { seq: seq === undefined ? null : Number(seq), words };
}

/** A word that no sentence holds unless it names something: `write_file`, `src/pay.ts`, `.env`. */
export const looksLikeName = (word: string): boolean => /[a-z0-9*][_/.][a-z0-9*]|^[./][a-z0-9]/.test(word);

/** `20260131-120000-ab12cd`, as run ids are made. */
export const looksLikeRun = (word: string): boolean => /^\d{8}-\d{6}-[0-9a-f]{6}$/.test(word);
