/**
 * Puts a reply together from the chunks of a Chat Completions stream. No I/O.
 *
 * Invariant: nothing is repaired. Tool arguments stay the text the model wrote, JSON or not.
 */
import { z } from 'zod';
import type { Usage } from '../../../core/events/parts';
import { wellFormed } from '../../../core/kernel/json';
import { err, ok, type Result } from '../../../core/kernel/result';
import type { ModelReply, ModelRequest } from '../../../core/ports/model';
import { believed, estimateUsage } from '../shared/usage';

/** Characters of text and arguments above which a reply is given up: no useful one is that long. */
const MAX_REPLY = 16 * 1024 * 1024;

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
  /** Not part of a reply, but a sign of life while a model thinks. */
  reasoning_content: text,
  tool_calls: z.array(fragmentSchema).nullish(),
});

/** What is read of a chunk. Servers add members of their own; those are ignored. */
const chunkSchema = z.object({
  choices: z.array(z.object({ delta: deltaSchema.nullish(), finish_reason: text })).nullish(),
  usage: z
    .object({
      prompt_tokens: tokenCount,
      completion_tokens: tokenCount,
      prompt_tokens_details: z.object({ cached_tokens: tokenCount.nullish() }).nullish(),
    })
    .nullish()
    // Usage that makes no sense counts as usage not reported; the reply itself is not worse for it.
    .catch(null),
});

/** What one chunk brought: text for display, and whether the model had produced anything by then. */
type Progress = { readonly text: string; readonly token: boolean };

type Content = Pick<ModelReply, 'text' | 'toolCalls' | 'usage' | 'stop'>;

export interface Assembly {
  /** Takes the next chunk; the error says what about it is not the protocol. */
  add(chunk: unknown): Result<Progress, string>;
  /** True once the server has said why the reply ended. */
  readonly finished: boolean;
  /** True when not one chunk came. */
  readonly empty: boolean;
  /** The complete reply; the error says what about it cannot be used. Only after `finished`. */
  content(): Result<Content, string>;
}

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
      if (!parsed.success) return err(`a chunk does not fit the protocol (${parsed.error.issues[0]?.path.join('.')})`);
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
      if (size > MAX_REPLY) return err(`the reply is longer than ${MAX_REPLY} characters`);
      return ok({ text: said, token: said !== '' || calls.length > 0 || Boolean(delta?.reasoning_content) });
    },
    get finished() {
      return finish !== null;
    },
    get empty() {
      return chunks === 0;
    },
    content() {
      if (calls.some((call) => call.name === '')) return err('a tool call has no name');
      const said = { text: wellFormed(texts.join('')), toolCalls: identified(calls, request) };
      const stop = refused ? 'filter' : stopOf(finish, calls.length > 0);
      return ok({ ...said, usage: believed(usage, estimateUsage(request, said)), stop });
    },
  };
}

type OpenCall = { readonly index: number | null; id: string; name: string; readonly arguments: string[] };

/**
 * Adds a piece of a tool call to the call it belongs to; answers how many characters it brought. Some servers give
 * every call the index 0, or none; a named piece with another id then begins another call.
 */
function addFragment(calls: OpenCall[], fragment: Fragment): number {
  const index = fragment.index ?? null;
  const id = fragment.id ?? '';
  const name = fragment.function?.name ?? '';
  const written = fragment.function?.arguments ?? '';
  let open = index === null ? calls.at(-1) : calls.findLast((call) => call.index === index);
  if (open === undefined || (name !== '' && id !== '' && open.id !== '' && open.id !== id)) {
    open = { index, id: '', name: '', arguments: [] };
    calls.push(open);
  }
  if (id !== '') open.id = id;
  if (name !== '') open.name = name;
  open.arguments.push(written);
  return written.length;
}

/**
 * The calls with an id each that no other call of the conversation has: the server's where it is there and new, else
 * `call_<n>`, counted over the conversation so that the same reply always gets the same ids.
 */
function identified(calls: readonly OpenCall[], request: ModelRequest): ModelReply['toolCalls'] {
  const earlier = request.messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const taken = new Set(earlier.map((call) => call.id));
  return calls.map((call, position) => {
    let id = wellFormed(call.id);
    for (let n = earlier.length + position; id === '' || taken.has(id); n += 1) id = `call_${n}`;
    taken.add(id);
    return { id, name: wellFormed(call.name), arguments: wellFormed(call.arguments.join('')) };
  });
}

function usageOf({ usage }: z.infer<typeof chunkSchema>): Usage | null {
  if (!usage) return null;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return { input: usage.prompt_tokens, output: usage.completion_tokens, cached, estimated: false };
}

/** Servers differ in the reason they give for a reply with tool calls; the calls themselves decide. */
function stopOf(finish: string | null, hasCalls: boolean): ModelReply['stop'] {
  if (finish === 'length') return 'length';
  if (finish === 'content_filter') return 'filter';
  return hasCalls ? 'tools' : 'end';
}
