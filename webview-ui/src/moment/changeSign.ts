/** What happened to a file, as a letter and a word. Pure. */
import type { FileMoment } from '../../../src/protocol/events';

/** The letters of VS Code's own source control. */
export type ChangeSign = { readonly letter: 'A' | 'M' | 'D'; readonly word: 'added' | 'modified' | 'deleted' };

export function changeSign({ before, after }: Pick<FileMoment, 'before' | 'after'>): ChangeSign {
  if (after === null) return { letter: 'D', word: 'deleted' };
  return before === null ? { letter: 'A', word: 'added' } : { letter: 'M', word: 'modified' };
}
