/**
 * What a server says about an error, in any of the shapes that OpenAI and compatible servers have for it, and what that
 * means to us. Pure.
 *
 * The words that are found here are a server's: they are not fit to be shown before they are shortened and cleaned.
 */
import { z } from 'zod';
import { own } from '../../../core/kernel/own';
import type { ModelFailureCode } from '../../../core/ports/model';
import type { Reported } from '../shared/assembly';

const word = z.string().nullable().catch(null);

const members = z.object({
  message: z.string(),
  // Several servers repeat the status here, as a number or as its digits; that is no code.
  code: word.transform((code) => (code === null || /^\d+$/.test(code) ? null : code)),
  type: word,
});

const plain = z.string().transform((message) => ({ message, code: null, type: null }));

/** FastAPI says what is wrong with which member of a request. */
const detail = z.union([
  plain,
  members,
  z
    .array(z.object({ msg: z.string() }))
    .min(1)
    .transform((all) => ({ message: all.map(({ msg }) => msg).join('; '), code: null, type: null })),
]);

const shapes = z.union([
  // OpenAI, Ollama, llama.cpp, newer vLLM, gateways.
  z.object({ error: members }).transform(({ error }) => error),
  // LM Studio, and Ollama's own API.
  z.object({ error: plain }).transform(({ error }) => error),
  z.object({ detail }).transform((body) => body.detail),
  // Older vLLM, and whoever says just this.
  members,
]);

/** Google's gateway puts the error into an array. */
const anyShape = z.union([shapes, z.tuple([shapes]).transform(([one]) => one)]);

/** Reads the body of an error; what has none of the known shapes is text. */
export function reportedIn(body: string): Reported {
  const parsed = anyShape.safeParse(parseJson(body));
  return parsed.success ? parsed.data : { message: body, code: null, type: null };
}

/** The same for an error that has been parsed already. */
export function reportedBy(error: unknown): Reported {
  const parsed = z.union([members, plain]).safeParse(error);
  return parsed.success ? parsed.data : { message: '', code: null, type: null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the codes and types mean that servers give; all others mean what their status does. */
const MEANS: Readonly<Record<string, ModelFailureCode>> = {
  context_length_exceeded: 'too_large',
  exceed_context_size_error: 'too_large',
  request_too_large: 'too_large',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  model_not_found: 'not_found',
  invalid_api_key: 'unauthorized',
  overloaded_error: 'overloaded',
  engine_overloaded_error: 'overloaded',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  server_error: 'server',
  internal_server_error: 'server',
};

/** What the API of OpenAI calls all sorts of things that are wrong with a request. */
const WRONG = /^(invalid|unsupported|image|empty|data_residency)_|_policy$/;

function means(name: string | null): ModelFailureCode | null {
  if (name === null) return null;
  return own(MEANS, name) ?? (WRONG.test(name) ? 'refused' : null);
}

/** vLLM and LM Studio say it in words only. Neither way is such a request sent again, so that a mistake costs a word. */
const TOO_LARGE =
  /(maximum|exceeds?|greater than|longer than|over)\b.{0,60}\bcontext (length|size|window)|context (length|size|window)\b.{0,60}\bexceeded/i;

/** What an error is by what the server says of it; null when it says nothing that is known. */
export function meaning({ code, type, message }: Reported): ModelFailureCode | null {
  const first = means(code) ?? means(type);
  return (first === null || first === 'refused') && TOO_LARGE.test(message) ? 'too_large' : first;
}
