/**
 * The settings `openexec.models`, `openexec.prices` and `openexec.timeouts`, which only a person's own settings can hold, never a
 * folder's: servers that are chosen as `ID:MODEL`, prices that come before the list, limits of time of the other providers. Each entry is read by itself: one that is wrong is
 * said, and refuses when it is chosen, and disables no other.
 */
import { z } from 'zod';
import { type Price, price } from '../events/parts';
import { err, ok, type Result } from '../kernel/result';

/** The providers that OpenExec knows; no server can have one of these names. */
export const PROVIDERS = ['anthropic', 'openai', 'openai-compatible', 'vscode', 'recorded'] as const;

/** Milliseconds; what is left out is as usual. */
export type SetLimits = {
  readonly connectMs?: number;
  readonly firstTokenMs?: number;
  readonly stallMs?: number;
  readonly wholeMs?: number;
};

/** A server as a person has described it. */
export type ModelServer = {
  readonly protocol: 'chat' | 'responses' | 'anthropic';
  readonly baseUrl: string;
  /** Names of headers whose values are kept where keys are. */
  readonly headers: readonly string[];
  /** Whether nothing that is sent there leaves the person's own machines; left out: by its address. */
  readonly local?: boolean;
  readonly contextTokens: number | null;
  readonly outputTokens: number | null;
  readonly price: Price | null;
  readonly limits: SetLimits;
  /** What it is known to have, to choose from. */
  readonly models: readonly string[];
};

export type ModelSettings = {
  readonly servers: ReadonlyMap<string, Result<ModelServer, string>>;
  /** By `provider:name`. */
  readonly prices: ReadonlyMap<string, Result<Price, string>>;
  /** By the providers that OpenExec knows. */
  readonly timeouts: ReadonlyMap<string, Result<SetLimits, string>>;
  /** Everything that is wrong in them, a line each. */
  readonly problems: readonly string[];
};

export const NO_SETTINGS: ModelSettings = { servers: new Map(), prices: new Map(), timeouts: new Map(), problems: [] };

const MODELS = 'the setting openexec.models';
const PRICES = 'the setting openexec.prices';
const TIMEOUTS = 'the setting openexec.timeouts';
/** No two ids, written in capitals with `_` for `-`, are the same: a key goes to one server only. */
const ID = /^[a-z][a-z0-9-]{0,39}$/;
const DAY_SECONDS = 86_400;

const tokens = z.number().int().positive();
const seconds = z.number().positive().max(DAY_SECONDS);
const text = z.string().trim().min(1);
/** What OpenExec or the transport says itself; a key is set as a key. */
const NOT_TO_SET =
  /^(authorization|x-api-key|host|content-.*|connection|transfer-encoding|accept|cookie|proxy-.*|te|upgrade)$/;
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'a header has letters, digits and "-" in its name')
  .refine((name) => !NOT_TO_SET.test(name.toLowerCase()), 'this header is not yours to set; a key is set as the key');

const limitsShape = {
  connectSeconds: seconds.optional(),
  firstTokenSeconds: seconds.optional(),
  stallSeconds: seconds.optional(),
  requestSeconds: seconds.optional(),
};
const limitsSchema = z.strictObject(limitsShape);

const serverSchema = z.strictObject({
  protocol: z.enum(['chat', 'responses', 'anthropic']),
  baseUrl: text,
  headers: z
    .array(headerName)
    .refine(
      (names) => new Set(names.map((name) => name.toLowerCase())).size === names.length,
      'a header is named twice',
    )
    .default([]),
  local: z.boolean().optional(),
  contextTokens: tokens.optional(),
  outputTokens: tokens.optional(),
  price: price.optional(),
  ...limitsShape,
  models: z.array(text).default([]),
});

/** Reads the settings; total. What is undefined or null is not set. */
export function parseModelSettings(models: unknown, prices: unknown, timeouts: unknown = undefined): ModelSettings {
  const servers = entriesOf(MODELS, models, readServer);
  refuseSharedHeaders(servers.entries);
  const set = entriesOf(PRICES, prices, readPrice);
  const limits = entriesOf(TIMEOUTS, timeouts, readTimeouts);
  const entries = [...servers.entries.values(), ...set.entries.values(), ...limits.entries.values()];
  const wrong = entries.flatMap((entry) => (entry.ok ? [] : [entry.error]));
  return {
    servers: servers.entries,
    prices: set.entries,
    timeouts: limits.entries,
    problems: [...servers.problems, ...set.problems, ...limits.problems, ...wrong],
  };
}

/**
 * On the command line the value of a header is in a variable made of both names. Two that come out the same would send what
 * is meant for one server to the other.
 */
function refuseSharedHeaders(servers: Map<string, Result<ModelServer, string>>): void {
  const seen = new Set<string>();
  for (const [id, entry] of servers) {
    const names = entry.ok ? entry.value.headers.map((header) => `${id}-${header.toLowerCase()}`) : [];
    if (names.some((name) => seen.has(name)))
      servers.set(id, unusable(MODELS, id, 'its id and a header are written as those of another server; rename it'));
    for (const name of names) seen.add(name);
  }
}

type Read<T> = { readonly entries: Map<string, Result<T, string>>; readonly problems: readonly string[] };

function entriesOf<T>(
  setting: string,
  value: unknown,
  read: (id: string, entry: unknown) => Result<T, string>,
): Read<T> {
  if (value === undefined || value === null) return { entries: new Map(), problems: [] };
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success)
    return { entries: new Map(), problems: [`${capital(setting)} is not an object and was ignored.`] };
  return { entries: new Map(Object.entries(parsed.data).map(([id, entry]) => [id, read(id, entry)])), problems: [] };
}

function readServer(id: string, value: unknown): Result<ModelServer, string> {
  const taken = PROVIDERS.some((provider) => provider === id);
  if (taken) return unusable(MODELS, id, 'it has the name of a provider that OpenExec knows; give it another one');
  if (!ID.test(id)) return unusable(MODELS, id, 'an id has up to 40 small letters, digits and "-", a letter first');
  const parsed = serverSchema.safeParse(value);
  if (!parsed.success) return unusable(MODELS, id, firstIssue(parsed.error));
  const { data } = parsed;
  return ok({
    protocol: data.protocol,
    baseUrl: data.baseUrl,
    headers: data.headers,
    ...(data.local === undefined ? {} : { local: data.local }),
    contextTokens: data.contextTokens ?? null,
    outputTokens: data.outputTokens ?? null,
    price: data.price ?? null,
    limits: limitsOf(data),
    models: data.models,
  });
}

function limitsOf(set: z.infer<typeof limitsSchema>): SetLimits {
  const ms = (name: keyof SetLimits, value: number | undefined): SetLimits =>
    value === undefined ? {} : { [name]: Math.round(value * 1000) };
  return {
    ...ms('connectMs', set.connectSeconds),
    ...ms('firstTokenMs', set.firstTokenSeconds),
    ...ms('stallMs', set.stallSeconds),
    ...ms('wholeMs', set.requestSeconds),
  };
}

function readPrice(id: string, value: unknown): Result<Price, string> {
  if (!/^[^:\s]+:\S/.test(id)) return unusable(PRICES, id, 'a price is set for "provider:name"');
  const parsed = price.safeParse(value);
  return parsed.success ? ok(parsed.data) : unusable(PRICES, id, firstIssue(parsed.error));
}

function readTimeouts(id: string, value: unknown): Result<SetLimits, string> {
  if (id === 'recorded' || !PROVIDERS.some((provider) => provider === id))
    return unusable(TIMEOUTS, id, 'it is not anthropic, openai, openai-compatible or vscode; a server has its own');
  const parsed = limitsSchema.safeParse(value);
  return parsed.success ? ok(limitsOf(parsed.data)) : unusable(TIMEOUTS, id, firstIssue(parsed.error));
}

const unusable = (setting: string, id: string, why: string) =>
  err(`The entry "${oneLine(id)}" of ${setting} cannot be used: ${why}. Correct it there.`);

const oneLine = (all: string): string => all.replace(/\s+/g, ' ').trim().slice(0, 80);
const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** Never repeats a value: a person may have written a key where none belongs. */
function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'it is no entry';
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return `${where}${issue.message.replace(/\s+/g, ' ')}`;
}
