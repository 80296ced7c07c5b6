/** The text of a page: as it is where it is text already, without its markup where it is HTML. */
import { err, ok, type Result } from '../../core/kernel/result';
import type { Page } from './page';

const TEXT =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|yaml|toml|javascript|ecmascript)$|application\/x-(?:yaml|sh)$)/;
const HTML = /^(?:text\/html|application\/xhtml\+xml)$/;

/** The page's text, and whether markup was taken out of it; an error for what is not text. */
export function readable({ type, body, cut }: Page): Result<{ text: string; reduced: boolean }, string> {
  const [media = '', ...parameters] = type.split(';').map((part) => part.trim());
  if (media !== '' && !TEXT.test(media) && !HTML.test(media)) return err(`it is ${media}, which is not text`);
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length) ?? 'utf-8';
  const text = decoded(body, charset.replace(/^"|"$/g, ''), cut !== null);
  if (text === null || text.slice(0, 8000).includes('\0')) return err('it is not text that can be read');
  return HTML.test(media) ? ok({ text: textOfHtml(text), reduced: true }) : ok({ text, reduced: false });
}

/** Strict, but for a character that was torn apart where the page was cut. */
function decoded(body: Buffer, charset: string, cut: boolean): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body, { stream: cut });
  } catch {
    return null;
  }
}

/** Elements whose content is not for people to read. */
const UNSEEN = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'object', 'math']);
/** Elements that stand on lines of their own. */
const BLOCKS =
  /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|title|ul)$/;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  copy: '©',
};

/**
 * What a reader would see of a page, by lines: tags, comments, scripts and styles are left out, the entities of everyday
 * text are resolved. One pass from left to right, linear in the length; no attempt at layout. Never throws.
 */
export function textOfHtml(html: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) {
      parts.push(html.slice(at));
      break;
    }
    parts.push(html.slice(at, open));
    const tag = tagAt(html, open);
    if (tag.name !== null && BLOCKS.test(tag.name)) parts.push('\n');
    if (tag.name === null && tag.end === open + 1) parts.push('<');
    at = tag.name !== null && tag.opens && UNSEEN.has(tag.name) ? afterElement(html, tag.name, tag.end) : tag.end;
  }
  return tidied(parts.map((part) => part.replace(/&(#x?[0-9a-f]{1,6}|\w{1,10});/gi, entity)).join(''));
}

type Tag = { readonly name: string | null; readonly opens: boolean; readonly end: number };

/** The tag, comment or declaration that begins there; a lone `<` is text, and its end is the next character. */
function tagAt(html: string, open: number): Tag {
  const ends = (mark: string): number => {
    const found = html.indexOf(mark, open);
    return found < 0 ? html.length : found + mark.length;
  };
  if (html.startsWith('<!--', open)) return { name: null, opens: false, end: ends('-->') };
  const match = /^<(\/?)([a-z][\w:-]{0,40})/i.exec(html.slice(open, open + 50));
  if (match !== null) return { name: (match[2] ?? '').toLowerCase(), opens: match[1] === '', end: ends('>') };
  return /^<[!?]/.test(html.slice(open, open + 2))
    ? { name: null, opens: false, end: ends('>') }
    : { name: null, opens: false, end: open + 1 };
}

/** Where what follows an element begins; the end of the page when it is never closed. */
function afterElement(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}\\b`, 'gi');
  closing.lastIndex = from;
  const found = closing.exec(html);
  if (found === null) return html.length;
  const end = html.indexOf('>', found.index);
  return end < 0 ? html.length : end + 1;
}

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  const isCharacter = code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '';
}

/** Blanks in a row are one, empty lines in a row are one. */
function tidied(text: string): string {
  const lines = text.split(/\r?\n|\r/).map((line) => line.replace(/[ \t\f\v\u00a0]+/g, ' ').trim());
  return lines
    .filter((line, at) => line !== '' || (at > 0 && lines[at - 1] !== ''))
    .join('\n')
    .trim();
}
