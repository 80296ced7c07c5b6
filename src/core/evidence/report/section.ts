/** What a section of the report is made of. */
import type { RunEvent } from '../../events/schema';
import type { RunSummary } from '../../events/summary';
import type { Facts } from './facts';
import { groups, type Html, html, mark } from './html';
import type { Excerpts } from './rows';

export type Told = Facts & {
  readonly origin: RunEvent<'run.started'>;
  readonly summary: RunSummary;
  readonly excerpts: Excerpts;
};

export type Section = { readonly id: string; readonly title: string; readonly of: (told: Told) => Html };

/** An event's place in the journal, as every table names it. */
export const seqOf = (seq: number): Html => html`${String(seq)}`;

/** A sentence in a table, which needs room. */
export const prose = (text: string): Html => html`<div class="prose">${text}</div>`;

/** `2026-01-31 12:00:00 UTC`; events hold their times in this zone. */
export const time = (at: string): Html =>
  html`<span class="when">${at.slice(0, 10)}</span> <span class="when">${at.slice(11, 19)} UTC</span>`;

/** From one time to another; a second day is named when it is another one. */
export function period(from: string, to: string): Html {
  if (from.slice(0, 10) !== to.slice(0, 10)) return html`${time(from)} to ${time(to)}`;
  const start = from.slice(11, 19);
  return html`<span class="when">${from.slice(0, 10)}</span> ${start} to <span class="when">${to.slice(11, 19)} UTC</span>`;
}

/** Milliseconds. */
export const took = (ms: number): Html => html`${ms} ms`;

/** US dollars, exact; null is not known and is never shown as 0. */
export const cost = (costUsd: number | null): Html => html`${costUsd === null ? 'not known' : `$${groups(costUsd)}`}`;

/** A list of words, or that there are none. */
export const words = (list: readonly string[]): Html => html`${list.length === 0 ? 'none' : list.join(', ')}`;

const GOOD: ReadonlySet<string> = new Set(['succeeded', 'success', 'approved', 'allow', 'ok', 'done', 'applied']);
const BAD: ReadonlySet<string> = new Set([
  'failed',
  'failure',
  'rejected',
  'deny',
  'denied',
  'error',
  'timeout',
  'exhausted',
]);

/** A word of an outcome in the colour that goes with it. */
export const verdict = (word: string): Html =>
  mark(GOOD.has(word) ? 'good' : BAD.has(word) ? 'bad' : 'warn', word === '' ? 'no answer' : word);

export const none = (what: string): Html => html`<p class="soft">${what}</p>\n`;
