/**
 * fetch_url: one page of an allowed host as text. The policy decided by the name in the address; what that name leads to
 * is checked here, at the moment of use.
 */
import { stripVTControlCharacters } from 'node:util';
import { wellFormed } from '../../core/kernel/json';
import { hostOf } from '../../core/policy/address';
import type { ToolInput } from '../../core/tools/contracts';
import { fetchPage, type Page, type WebPorts } from '../web/page';
import { readable } from '../web/readable';
import { failure, type ToolAnswer, type ToolContext } from './context';
import { excerpt } from './text';

const TIMEOUT_MS = 30_000;
const PAGE_LIMIT = 1024 * 1024;
const SHOWN = { lines: 2000, bytes: 60 * 1024 };

/** Fetches it; `ports` are those of this machine when left out. */
export async function fetchUrl(
  { limitMs, signal: cancelled, gate }: Pick<ToolContext, 'limitMs' | 'signal' | 'gate'>,
  { url }: ToolInput<'fetch_url'>,
  ports: WebPorts = {},
): Promise<ToolAnswer> {
  const host = hostOf(url);
  if (!host.ok) return failure(`${url}: ${host.error}`);
  const timeoutMs = Math.min(TIMEOUT_MS, limitMs ?? TIMEOUT_MS);
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const signal = AbortSignal.any([cancelled, late]);
    const page = await fetchPage({ url: new URL(url), limit: PAGE_LIMIT, signal }, ports);
    return page.ok ? shown(page.value, gate) : failure(page.error);
  } catch (error) {
    if (cancelled.aborted || !late.aborted) throw error;
    return { outcome: 'timeout', output: `${host.value} did not answer within ${timeoutMs / 1000} s` };
  }
}

function shown(page: Page, gate: ToolContext['gate']): ToolAnswer {
  if (page.status < 200 || page.status > 299) return failure(`${page.url} answered with the status ${page.status}`);
  const text = readable(page);
  if (!text.ok) return failure(`${page.url}: ${text.error}`);
  const {
    text: part,
    to,
    total,
  } = excerpt(gate.redactLines(plain(text.value.text)).text, { from: 1, to: Infinity }, SHOWN);
  const head = text.value.reduced ? `${page.url} (its text, without the markup)` : page.url;
  const unread = page.cut === 'limit' ? `only the first ${PAGE_LIMIT} bytes were read; ` : '';
  const cut = to < total || unread !== '' ? [`[cut: ${unread}${total - to} more lines are not shown]`] : [];
  const doubt = page.cut === 'unannounced' ? [UNANNOUNCED] : [];
  return { outcome: 'ok', output: [head, part.replace(/\n+$/, ''), ...cut, ...doubt].join('\n') };
}

const UNANNOUNCED = '[cut, perhaps: the connection ended, and the server had not said how long the page is]';

/** Without the sequences that steer a terminal; what else would not be seen stands there as its number. */
const plain = (text: string): string =>
  stripVTControlCharacters(wellFormed(text))
    .replace(/\r\n?/g, '\n')
    .replace(STEERING, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);

/** Control characters, and those that turn the direction of the text around them. */
const STEERING = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
