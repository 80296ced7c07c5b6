/** What a YAML text may hold that is well-formed and still refused: each found in time linear in the text. */
import { type Document, isCollection, isNode, isPair, isScalar, type Scalar, visit } from 'yaml';
import { oneLine } from './text';

/** A place as an offset into the text, and what is wrong there. */
export type Spot = { readonly offset: number; readonly message: string };

/** The first character that YAML forbids (1.2.2, §5.1: c-printable): the sign of a file that is no text. */
export function strangeCharacter(text: string): Spot | null {
  const found = /[^\t\n\r\x20-\x7E\x85\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text);
  if (!found) return null;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { offset: found.index, message: `the character U+${code} is not allowed here; is this a text file?` };
}

/** The first node below more collections than the limit; whoever walks the document afterwards may do so recursively. */
export function nestedTooDeep(document: Document, limit: number): Spot | null {
  const open: { node: unknown; depth: number }[] = [{ node: document.contents, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > limit) return { offset: (isNode(node) && node.range?.[0]) || 0, message: TOO_DEEP };
    if (isPair(node)) open.push({ node: node.value, depth }, { node: node.key, depth });
    else if (isCollection(node))
      for (const item of node.items.toReversed()) open.push({ node: item, depth: depth + 1 });
  }
  return null;
}

export const TOO_DEEP = 'it is nested too deep';

/** How a key is named as a member of the value: the number 1 and the text "1" are one name. */
export const nameOf = (key: Scalar): string => String(key.value ?? '');

/** Every key that its mapping has already, at the later place, and every one that no member of a value can have. */
export function badKeys(document: Document): Spot[] {
  const spots: Spot[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = nameOf(key);
        const offset = key.range?.[0] ?? 0;
        if (name === '__proto__') spots.push({ offset, message: `"${name}" is no name` });
        else if (seen.has(name))
          spots.push({ offset, message: `"${oneLine(name, 100)}" is there already; a name is given once` });
        seen.add(name);
      }
    },
  });
  return spots;
}

/** The first alias that leads nowhere or into itself, or that is one too many. */
export function badAlias(document: Document, limit: number): Spot | null {
  let seen = 0;
  let bad: Spot | null = null;
  visit(document, {
    Alias(_key, node, path) {
      const source = ++seen > limit ? null : node.resolve(document);
      if (source && !path.includes(source)) return undefined;
      const offset = node.range?.[0] ?? 0;
      if (source === null) bad = { message: `there are more than ${limit} aliases`, offset };
      else if (source) bad = { message: `the alias *${node.source} points at what it is part of`, offset };
      else bad = { message: `there is no anchor &${node.source} before this alias`, offset };
      return visit.BREAK;
    },
  });
  return bad;
}
