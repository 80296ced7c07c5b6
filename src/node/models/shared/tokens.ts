/**
 * Tokens of an exchange whose server reports none: counted by the encoding of OpenAI's present models (o200k_base, by the
 * `gpt-tokenizer` package), which is near enough for the models of others. Always marked as estimated.
 *
 * Invariants: the tables are loaded with the first exchange that needs them; of a long text only the beginning is counted, and
 * the rest taken to be like it, so that no reply holds up the window.
 */
import type { Usage } from '../../../core/events/parts';
import type { ModelReply, ModelRequest } from '../../../core/ports/model';
import { estimateUsage, textsOf } from './usage';

/** Characters that are counted of what was sent and of what came. */
const COUNTED = 64 * 1024;
/** Counting takes the square of the length of a word, and a text may be a single one: it is cut into pieces of this length. */
const PIECE = 512;

type Count = (text: string) => number;
let loading: Promise<Count> | undefined;

async function load(): Promise<Count> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // What looks like a control token is the text of a file here.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}

/**
 * The usage of an exchange with what was estimated by bytes in `rough` counted by words instead; what the server did report in it
 * stays. Where the tables cannot be loaded it stays as it is.
 */
export async function countedUsage(
  rough: Usage,
  request: ModelRequest,
  reply: Pick<ModelReply, 'text' | 'toolCalls'>,
): Promise<Usage> {
  loading ??= load();
  try {
    const count = await loading;
    const { sent, received } = textsOf(request, reply);
    const { input, output } = estimateUsage(request, reply);
    return {
      ...rough,
      input: rough.input === input ? counted(sent, count) : rough.input,
      output: rough.output === output ? counted(received, count) : rough.output,
    };
  } catch {
    return rough;
  }
}

function counted(texts: readonly string[], count: Count): number {
  const all = texts.reduce((sum, text) => sum + text.length, 0);
  let [seen, tokens] = [0, 0];
  for (const text of texts) {
    if (seen >= COUNTED) break;
    const part = text.slice(0, COUNTED - seen);
    seen += part.length;
    for (let at = 0; at < part.length; at += PIECE) tokens += count(part.slice(at, at + PIECE));
  }
  return seen === 0 ? 0 : Math.ceil((tokens * all) / seen);
}
