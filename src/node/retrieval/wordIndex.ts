/** BM25 over the words of files: their paths, identifiers and comments. */
import MiniSearch from 'minisearch';
import { byCodeUnit, tokenCounts } from '../../core/retrieval/tokens';

/** A file with how often each of its words stands in it. */
export type WordDocument = { readonly path: string; readonly words: ReadonlyMap<string, number> };

export type WordHit = { readonly path: string; readonly score: number; readonly words: readonly string[] };

/**
 * The files that answer the query best, by BM25+ (Lv and Zhai, CIKM 2011) as MiniSearch has it; equal ones by path. What
 * scores below a quarter of the best has hardly to do with it and is left out.
 *
 * Only words of the query are indexed, for one query; how long a file is counts all of its words. So a result depends on
 * these files alone, and not on what was asked before.
 */
export function searchWords(documents: readonly WordDocument[], query: ReadonlySet<string>, most: number): WordHit[] {
  if (query.size === 0) return [];
  const index = new MiniSearch<{ id: number }>({
    fields: ['path', 'text'],
    extractField: (document, field) => String(field === 'id' ? document.id : `${field} ${document.id}`),
    tokenize: (text) => wordsOf(documents, text, query),
    processTerm: (term) => (query.has(term) ? term : null),
    searchOptions: { tokenize: () => [...query], processTerm: (term) => term, boost: { path: 2 } },
  });
  index.addAll(documents.map((_, id) => ({ id })));
  const found = index.search('query').map(({ id, score, terms }) => ({
    path: documents[id]?.path ?? '',
    score: Math.round(score * 1e6) / 1e6,
    words: [...terms].sort(byCodeUnit),
  }));
  const best = found[0]?.score ?? 0;
  return found
    .filter(({ score }) => score * 4 >= best)
    .sort((a, b) => b.score - a.score || byCodeUnit(a.path, b.path))
    .slice(0, most);
}

function wordsOf(documents: readonly WordDocument[], reference: string, query: ReadonlySet<string>): string[] {
  const [field, id] = reference.split(' ');
  const document = documents[Number(id)];
  if (document === undefined) return [];
  const counts = field === 'path' ? tokenCounts(document.path) : document.words;
  const asked = [...query].filter((word) => counts.has(word));
  const others = counts.size - asked.length;
  return [...asked.flatMap((word) => new Array<string>(counts.get(word) ?? 0).fill(word)), ...unasked(others)];
}

/** So many words that nobody asks for: they stand for those that only say how long a file is. */
function unasked(count: number): readonly string[] {
  for (let at = UNASKED.length; at < count; at++) UNASKED.push(` ${at}`);
  return UNASKED.slice(0, count);
}

const UNASKED: string[] = [];
