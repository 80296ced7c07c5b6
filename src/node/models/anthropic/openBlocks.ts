/** The blocks of a reply while they are streamed. No I/O. */
import { assertNever } from '../../../core/kernel/assertNever';
import { wellFormed } from '../../../core/kernel/json';
import { err, ok, type Result } from '../../../core/kernel/result';
import { type Broken, notProtocol, type Progress, type WrittenCall } from '../shared/assembly';
import type { Block, Delta } from './events';
import type { KeptBlock } from './kept';

type Open =
  | { readonly type: 'text'; readonly pieces: string[] }
  | { readonly type: 'thinking'; readonly pieces: string[]; readonly signature: string[] }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      readonly pieces: string[];
      whole: boolean;
    }
  | { readonly type: 'other' };

const NOTHING: Progress = { text: '', token: false };
/** A sign of life, though nothing to show. */
const SILENT: Progress = { text: '', token: true };

export class OpenBlocks {
  readonly #blocks = new Map<number, Open>();
  /** Characters so far. */
  size = 0;

  start(index: number, block: Block): Result<Progress, Broken> {
    if (this.#blocks.has(index)) return err(notProtocol(`there are two blocks ${index}`));
    this.#blocks.set(index, opened(block));
    const text = block.type === 'text' ? block.text : '';
    this.size += text.length;
    return ok({ text, token: block.type !== 'text' || text !== '' });
  }

  fill(index: number, delta: Delta | { readonly type: 'other' }): Result<Progress, Broken> {
    if (delta.type === 'other') return ok(NOTHING);
    const block = this.#blocks.get(index);
    if (block?.type === 'text' && delta.type === 'text_delta') {
      block.pieces.push(delta.text);
      this.size += delta.text.length;
      return ok({ text: delta.text, token: delta.text !== '' });
    }
    const [into, piece] = placeOf(block, delta);
    if (into === null) return err(notProtocol(`a ${delta.type} does not belong to block ${index}`));
    into.push(piece);
    this.size += piece.length;
    return ok(SILENT);
  }

  stop(index: number): void {
    const block = this.#blocks.get(index);
    if (block?.type === 'tool_use') block.whole = true;
  }

  get text(): string {
    return this.#ordered()
      .flatMap((block) => (block.type === 'text' ? block.pieces : []))
      .join('');
  }

  get calls(): WrittenCall[] {
    return this.#ordered().flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: argumentsOf(block) }] : [],
    );
  }

  /** What is needed to give the thinking back in its place; `ids` are those that the calls have got. */
  kept(ids: readonly string[]): KeptBlock[] {
    let call = 0;
    return this.#ordered().flatMap((block): KeptBlock[] => {
      switch (block.type) {
        case 'text':
          return [{ type: 'text', length: wellFormed(block.pieces.join('')).length }];
        case 'thinking': {
          const signature = block.signature.join('');
          return signature === '' ? [] : [{ type: 'thinking', thinking: block.pieces.join(''), signature }];
        }
        case 'redacted_thinking':
          return [block];
        case 'tool_use':
          return [{ type: 'call', call: ids[call++] ?? '' }];
        case 'other':
          return [];
        default:
          return assertNever(block);
      }
    });
  }

  #ordered(): Open[] {
    return [...this.#blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
  }
}

function opened(block: Block): Open {
  switch (block.type) {
    case 'text':
      return { type: 'text', pieces: [block.text] };
    case 'thinking':
      return { type: 'thinking', pieces: [block.thinking], signature: [block.signature] };
    case 'tool_use':
      return { ...block, pieces: [], whole: false };
    default:
      return block;
  }
}

function placeOf(block: Open | undefined, delta: Delta): [string[] | null, string] {
  if (block?.type === 'thinking' && delta.type === 'thinking_delta') return [block.pieces, delta.thinking];
  if (block?.type === 'thinking' && delta.type === 'signature_delta') return [block.signature, delta.signature];
  if (block?.type === 'tool_use' && delta.type === 'input_json_delta') return [block.pieces, delta.partial_json];
  // Blocks of a kind that nobody asked for have deltas of known kinds; they are as unknown as the block.
  return [block?.type === 'other' ? [] : null, ''];
}

/** In this protocol a call begins with its input, and what follows replaces it: without a word more, the input stands. */
function argumentsOf({ pieces, input, whole }: Open & { type: 'tool_use' }): string {
  const written = pieces.join('');
  return written === '' && whole ? JSON.stringify(input ?? {}) : written;
}
