/**
 * Puts a reply together from the parts of a response. No I/O.
 *
 * Invariant: nothing is repaired. A call's input, which the API gives as a value, is its JSON text.
 */
import { wellFormed } from '../../core/kernel/json';
import { err, ok, type Result } from '../../core/kernel/result';
import type { ModelReply, ModelRequest } from '../../core/ports/model';
import type { LmApi } from './lmApi';

/** Characters of text and arguments above which a reply is given up: no useful one is that long. */
const MAX_REPLY = 16 * 1024 * 1024;

/** Bytes of UTF-8 per token; the usual rule of thumb for English text and source code. */
const BYTES_PER_TOKEN = 4;

export type LmContent = Pick<ModelReply, 'text' | 'toolCalls' | 'stop'>;
type Call = ModelReply['toolCalls'][number];

export interface LmAssembly {
  /** Takes the next part; answers the text in it. The error says what about it cannot be used. */
  add(part: unknown): Result<string, string>;
  /** True when the reply is as long as was asked for. The API has no such limit, so that it is ended from here. */
  readonly full: boolean;
  content(): LmContent;
}

/** Begins the assembly of the reply to one request. Parts of kinds that are not known, such as thinking, are no part of it. */
export function assembleLmReply(api: LmApi, request: ModelRequest): LmAssembly {
  const texts: string[] = [];
  const calls: Call[] = [];
  let bytes = 0;
  const full = (): boolean => bytes > request.maxOutputTokens * BYTES_PER_TOKEN;
  const took = (said: string, shown: string): Result<string, string> => {
    bytes += Buffer.byteLength(said, 'utf8');
    return bytes > MAX_REPLY ? err(`the reply is longer than ${MAX_REPLY} bytes`) : ok(shown);
  };
  return {
    add(part) {
      if (part instanceof api.LanguageModelTextPart) {
        texts.push(part.value);
        return took(part.value, part.value);
      }
      if (!(part instanceof api.LanguageModelToolCallPart)) return ok('');
      if (typeof part.name !== 'string' || part.name === '') return err('a tool call has no name');
      const input = JSON.stringify(part.input) ?? '';
      calls.push({ id: String(part.callId ?? ''), name: wellFormed(part.name), arguments: wellFormed(input) });
      return took(`${part.name}${input}`, '');
    },
    get full() {
      return full();
    },
    content() {
      const stop = full() ? 'length' : calls.length > 0 ? 'tools' : 'end';
      return { text: wellFormed(texts.join('')), toolCalls: identified(calls, request), stop };
    },
  };
}

/**
 * The calls with an id each that no other call of the conversation has: the vendor's where it is there and new, else
 * `call_<n>`, counted over the conversation so that the same reply always gets the same ids.
 */
function identified(calls: readonly Call[], { messages }: ModelRequest): Call[] {
  const earlier = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const taken = new Set(earlier.map((call) => call.id));
  return calls.map((call, position) => {
    let id = wellFormed(call.id);
    for (let n = earlier.length + position; id === '' || taken.has(id); n += 1) id = `call_${n}`;
    taken.add(id);
    return { ...call, id };
  });
}
