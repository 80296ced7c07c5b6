/**
 * Where a place in the text of a YAML file is in its structure. Tolerant: a file that somebody is writing is seldom whole.
 * Pure.
 */
import { type Document, isMap, isPair, isScalar, isSeq, parseDocument, Scalar, visit } from 'yaml';
import type { Path } from './schemaWalk';

export type Cursor = {
  readonly document: Document;
  /** `key`: the path is that of the mapping; `value`: that of the value itself. */
  readonly role: 'key' | 'value';
  readonly path: Path;
  /** What is written there, as offsets into the text; empty where nothing is yet. */
  readonly range: readonly [number, number];
  /** Keys of the same mapping, without the one at the cursor. */
  readonly siblings: readonly string[];
};

/** Longer files are refused by the checks as well. */
const SIZE_LIMIT = 256 * 1024;
/** Stands for what will be written at the cursor; a word that no file holds. */
const MARK = 'zzCURSORzz';
const OPTIONS = { uniqueKeys: false, merge: false, schema: 'core', logLevel: 'silent' } as const;
const BLOCKS: readonly unknown[] = [Scalar.BLOCK_FOLDED, Scalar.BLOCK_LITERAL];

/** The place where something can be written; null in a comment, in running text, and where nothing fits. */
export function cursorAt(text: string, offset: number): Cursor | null {
  if (text.length > SIZE_LIMIT) return null;
  const document = parseDocument(marked(text, offset), OPTIONS);
  const found = findScalar(document, ({ value }) => typeof value === 'string' && value.includes(MARK));
  if (found === null || BLOCKS.includes(found.node.type)) return null;
  const [start, end] = found.node.range ?? [0, 0];
  const written = text.slice(start, end - MARK.length);
  // More than one word is running text, and what comes after a value on its line is nothing.
  if (/\s/.test(written)) return null;
  return { document, ...found.at, range: [start, end - MARK.length] };
}

/** What is written at a place; null where nothing is. */
export function wordAt(text: string, offset: number): Cursor | null {
  if (text.length > SIZE_LIMIT) return null;
  const document = parseDocument(text, OPTIONS);
  const found = findScalar(document, ({ range }) => range != null && range[0] <= offset && offset <= range[1]);
  if (found === null || BLOCKS.includes(found.node.type)) return null;
  const [start, end] = found.node.range ?? [0, 0];
  return end > start ? { document, ...found.at, range: [start, end] } : null;
}

/** A word alone on its line is a key that has no colon yet. */
function marked(text: string, offset: number): string {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const rest = text.slice(offset);
  const after = /^[^\r\n]*/.exec(rest)?.[0] ?? '';
  if (!/^\s*[\w-]*$/.test(before) || !/^[\w-]*\s*$/.test(after)) return `${text.slice(0, offset)}${MARK}${rest}`;
  const word = /^[\w-]*/.exec(after)?.[0] ?? '';
  return `${text.slice(0, offset)}${MARK}${word}:${rest.slice(word.length)}`;
}

type Found = { readonly node: Scalar; readonly at: Pick<Cursor, 'role' | 'path' | 'siblings'> };

function findScalar(document: Document, isIt: (node: Scalar) => boolean): Found | null {
  let found: Found | null = null;
  visit(document, {
    Scalar(key, node, ancestors) {
      if (!isIt(node)) return undefined;
      const role = key === 'key' ? 'key' : 'value';
      const map = ancestors.findLast((ancestor) => isMap(ancestor));
      const siblings = role === 'key' && isMap(map) ? map.items.filter((pair) => pair.key !== node).map(keyOf) : [];
      found = { node, at: { role, path: pathOf(ancestors, node, role), siblings } };
      return visit.BREAK;
    },
  });
  return found;
}

function pathOf(ancestors: readonly unknown[], node: Scalar, role: Cursor['role']): Path {
  const chain = role === 'key' ? ancestors.slice(0, -1) : [...ancestors, node];
  return chain.flatMap((part, at): (string | number)[] => {
    if (isPair(part)) return [keyOf(part)];
    if (!isSeq(part)) return [];
    const item = part.items.indexOf(chain[at + 1]);
    return item < 0 ? [] : [item];
  });
}

/** The key of a pair as text. */
export const keyOf = (pair: { readonly key: unknown }): string =>
  isScalar(pair.key) ? String(pair.key.value) : String(pair.key);

/** The plain value at a path below a part of a document; undefined where there is none. Aliases are not followed. */
export function valueAt(part: unknown, path: Path): unknown {
  const at = path.reduce(stepInto, part);
  return isScalar(at) ? at.value : at;
}

function stepInto(part: unknown, step: string | number): unknown {
  if (isMap(part)) return part.items.find((pair) => keyOf(pair) === step)?.value;
  return isSeq(part) && typeof step === 'number' ? part.items[step] : undefined;
}
