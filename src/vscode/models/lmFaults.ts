/** What went wrong with a request to a model of VS Code, told by codes and names of errors, never by what they say. Pure. */
import type { ModelFailure } from '../../core/ports/model';
import { oneLine } from '../../protocol/format';
import type { Limits, LmTarget } from './lmApi';

/** A failure without its duration, which only the caller knows. */
export type LmFault = Pick<ModelFailure, 'code' | 'message' | 'retryable'>;

const CHOOSE = 'choose another with "OpenExec: Choose Model…"';
const LONGEST = 200;

/** The request was given up by the person or the run; nobody is at fault. */
export const cancelled = (): LmFault => ({
  code: 'cancelled',
  message: 'The model request was cancelled.',
  retryable: false,
});

/** Why the watch gave a request up, as a failure. */
export function givenUp({ name, vendor }: LmTarget, reason: string, limits: Limits): LmFault {
  if (reason === 'cancelled') return cancelled();
  const who = `The model ${name} of ${vendor} in VS Code`;
  const again = 'Try again, or choose another model';
  if (reason === 'first_token') {
    const what = `${who} sent nothing for ${seconds(limits.firstTokenMs)} s`;
    return { code: 'stalled', message: `${what}. ${again}.`, retryable: true };
  }
  if (reason === 'stall') {
    const what = `${who} fell silent in the middle of its reply for ${seconds(limits.stallMs)} s`;
    return { code: 'stalled', message: `${what}. ${again}.`, retryable: true };
  }
  const what = `${who} was not done within the ${seconds(limits.wholeMs ?? 0)} s that were left for it`;
  return { code: 'timeout', message: `${what}. ${again}.`, retryable: false };
}

/** A reply that cannot be used. */
export const malformed = ({ name, vendor }: LmTarget, what: string): LmFault => ({
  code: 'malformed',
  message: `The reply of ${name} of ${vendor} in VS Code cannot be used: ${what}. Try again, or choose another model.`,
  retryable: true,
});

/** What an error of the API means; `code` is VS Code's own, names without it are those of vendors. */
export function lmFault({ name, vendor }: LmTarget, error: unknown): LmFault {
  const which = `the model ${name} of ${vendor}`;
  const said = reasonIn(error);
  const names = namesOf(error);
  const one = (code: ModelFailure['code'], message: string, retryable = false): LmFault => ({
    code,
    message,
    retryable,
  });
  if (names.includes('NoPermissions')) {
    const what = `VS Code does not let OpenExec use ${which}`;
    return one('consent', `${what}. Run "OpenExec: Test Model Connection" and allow it when asked, or ${CHOOSE}.`);
  }
  if (names.includes('NotFound')) return one('not_found', `VS Code has ${which} no more. ${sentence(CHOOSE)}.`);
  if (names.includes('ChatQuotaExceeded')) {
    return one('quota', `The quota of ${vendor} for ${name} in VS Code is used up${said}. Wait for it, or ${CHOOSE}.`);
  }
  if (names.includes('ChatRateLimited')) {
    return one('rate_limited', `${vendor} takes no more requests for ${name} in VS Code for now${said}.`, true);
  }
  if (names.includes('Blocked')) {
    const what = `${vendor} blocks what OpenExec asks of ${name} in VS Code, or its quota is used up${said}`;
    return one('refused', `${what}. Look at your plan with ${vendor}, or ${CHOOSE}.`);
  }
  const what = `${vendor} in VS Code gave no answer for ${name}${said === '' ? ': no reason given' : said}`;
  return one('server', `${what}. Try again, or choose another model.`, true);
}

const seconds = (ms: number): string => String(Math.round(ms / 100) / 10);
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The codes and names of an error and of what caused it. */
function namesOf(error: unknown): string[] {
  const names: string[] = [];
  let at = error;
  for (let depth = 0; depth < 3 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') names.push(at.code);
    if ('name' in at && typeof at.name === 'string') names.push(at.name);
    at = 'cause' in at ? at.cause : undefined;
  }
  return names;
}

/** What the vendor says, as the end of a sentence. */
function reasonIn(error: unknown): string {
  const text = oneLine(error instanceof Error ? error.message : typeof error === 'string' ? error : '', LONGEST);
  return text === '' ? '' : `: ${text.replace(/[.\s]+$/, '')}`;
}
