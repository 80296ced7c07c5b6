/**
 * Puts a reply together from the chunks of a Chat Completions stream. No I/O.
 */
import { z } from 'zod';
import type { Usage } from '../../../core/events/parts';
import { wellFormed } from '../../../core/kernel/json';
import { err, ok } from '../../../core/kernel/result';
import type { ModelReply, ModelRequest } from '../../../core/ports/model';
import { type Assembly, identified, MAX_REPLY, notProtocol, TOO_LONG } from '../shared/assembly';
import { believed, estimateUsage } from '../shared/usage';

const tokenCount = z.number().int().nonnegative();
const text = z.string().nullish();

const fragmentSchema = z.object({
  index: z.number().int().nonnegative().nullish(),
  id: text,
  function: z.object({ name: text, arguments: text }).nullish(),
});
type Fragment = z.infer<typeof fragmentSchema>;

const deltaSchema = z.object({
  content: text,
  refusal: text,
  /** What a model thinks, as compatible servers say it: not part of a reply, but a sign of life. */
  reasoning_content: z.unknown().optional(),
  reasoning: z.unknown().optional(),
  tool_calls: z.array(fragmentSchema).nullish(),
});
type Delta = z.infer<typeof deltaSchema>;

/** What is read of a chunk. Servers add members of their own; those are ignored. */
const chunkSchema = z.object({
  choices: z.array(z.object({ delta: deltaSchema.nullish(), finish_reason: text })).nullish(),
  usage: z
    .object({
      prompt_tokens: tokenCount,
      completion_tokens: tokenCount,
      prompt_tokens_details: z
        .object({ cached_tokens: tokenCount.nullish(), cache_write_tokens: tokenCount.nullish() })
        .nullish(),
    })
    .nullish()
    // Usage that makes no sense counts as usage not reported; the reply itself is not worse for it.
    .catch(null),
});

/** Begins the assembly of the reply to one request. */
export function assembleReply(request: ModelRequest): Assembly {
  const texts: string[] = [];
  const calls: OpenCall[] = [];
  let size = 0;
  let chunks = 0;
  let refused = false;
  let finish: string | null = null;
  let usage: Usage | null = null;
  return {
    add(raw) {
      const parsed = chunkSchema.safeParse(raw);
      if (!parsed.success) {
        return err(notProtocol(`a chunk does not fit the protocol (${parsed.error.issues[0]?.path.join('.')})`));
      }
      chunks += 1;
      usage = usageOf(parsed.data) ?? usage;
      const choice = parsed.data.choices?.[0];
      finish = choice?.finish_reason || finish;
      const delta = choice?.delta;
      const said = `${delta?.content ?? ''}${delta?.refusal ?? ''}`;
      refused ||= Boolean(delta?.refusal);
      if (said !== '') texts.push(said);
      for (const fragment of delta?.tool_calls ?? []) size += addFragment(calls, fragment);
      size += said.length;
      if (size > MAX_REPLY) return err(notProtocol(TOO_LONG));
      return ok({ text: said, token: said !== '' || calls.length > 0 || thinks(delta) });
    },
    get finished() {
      return finish !== null;
    },
    get empty() {
      return chunks === 0;
    },
    content() {
      if (calls.some((call) => call.name === '')) return err(notProtocol('a tool call has no name'));
      if (finish !== null && !isKnown(finish)) {
        return err(notProtocol(`it ended for a reason that is not known (${finish.slice(0, 40)})`));
      }
      const written = calls.map((call) => ({ ...call, arguments: call.arguments.join('') }));
      const stop = refused ? 'refusal' : stopOf(finish, calls.length > 0);
      const toolCalls = identified(written, request, stop === 'tools');
      const said = { text: wellFormed(texts.join('')), toolCalls };
      return ok({ ...said, usage: believed(usage, estimateUsage(request, said)), stop });
    },
  };
}

const thinks = (delta: Delta | null | undefined): boolean => Boolean(delta?.reasoning_content || delta?.reasoning);

type OpenCall = { readonly index: number | null; id: string; name: string; readonly arguments: string[] };

/** Adds a piece of a tool call to the call it belongs to; answers how many characters it brought. */
function addFragment(calls: OpenCall[], fragment: Fragment): number {
  const index = fragment.index ?? null;
  const piece = {
    id: fragment.id ?? '',
    name: fragment.function?.name ?? '',
    text: fragment.function?.arguments ?? '',
  };
  let open = index === null ? calls.at(-1) : calls.findLast((call) => call.index === index);
  if (open === undefined || beginsAnother(open, piece)) {
    open = { index, id: '', name: '', arguments: [] };
    calls.push(open);
  }
  if (piece.id !== '') open.id = piece.id;
  if (piece.name !== '') open.name = piece.name;
  open.arguments.push(piece.text);
  return piece.text.length;
}

type Piece = { readonly id: string; readonly name: string; readonly text: string };

/**
 * Whether a piece that seems to belong to an open call begins another. Some servers give every call the index 0, or none,
 * and some give no ids either: then a name after a whole call begins the next one.
 */
function beginsAnother(open: OpenCall, { id, name, text: written }: Piece): boolean {
  if (name === '') return false;
  if (id !== '' && open.id !== '') return id !== open.id;
  if (open.name === '') return false;
  return name !== open.name || (written !== '' && isJson(open.arguments.join('')));
}

function isJson(written: string): boolean {
  try {
    JSON.parse(written);
    return true;
  } catch {
    return false;
  }
}

function usageOf({ usage }: z.infer<typeof chunkSchema>): Usage | null {
  if (!usage) return null;
  const { cached_tokens: cached, cache_write_tokens: written } = usage.prompt_tokens_details ?? {};
  const counts = { input: usage.prompt_tokens, output: usage.completion_tokens, cached: cached ?? 0 };
  return { ...counts, ...(written ? { cacheWrite: written } : {}), estimated: false };
}

/** What servers say of a reply that is whole, and of one that is not; any other word may mean that it was broken off. */
const WHOLE: ReadonlySet<string> = new Set([
  'stop',
  'tool_calls',
  'function_call',
  'eos',
  'eos_token',
  'stop_sequence',
  'end_turn',
]);
const CUT: ReadonlySet<string> = new Set(['length', 'max_tokens']);

const isKnown = (finish: string): boolean => WHOLE.has(finish) || CUT.has(finish) || finish === 'content_filter';

/** Servers differ in the reason they give for a reply with tool calls; the calls themselves decide. */
function stopOf(finish: string | null, hasCalls: boolean): ModelReply['stop'] {
  if (finish !== null && CUT.has(finish)) return 'length';
  if (finish === 'content_filter') return 'filter';
  return hasCalls ? 'tools' : 'end';
}
