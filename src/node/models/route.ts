/** Where a model is asked and what is known of it: everything about a choice that can be told without a request or a key. */
import { assertNever } from '../../core/kernel/assertNever';
import { ok, type Result } from '../../core/kernel/result';
import { factsOf } from '../../core/models/facts';
import { FREE } from '../../core/models/price';
import { type ModelServer, type ModelSettings, PROVIDERS } from '../../core/models/settings';
import { type ModelFacts, NOTHING_KNOWN } from '../../core/ports/model';
import type { Limits } from './shared/limits';
import { parseBaseUrl, type Server } from './shared/server';
import { invalid, type ModelProblem, type ModelSpec, unconfigured } from './spec';

/** Where the providers are that have one address. */
const ANTHROPIC_URL = 'https://api.anthropic.com';
const OPENAI_URL = 'https://api.openai.com/v1';

/** A model on this machine is slow to its first token: it may have to be loaded, and reads a long prompt slowly. */
const LOCAL_FIRST_TOKEN_MS = 300_000;

export type HttpRoute = {
  readonly kind: 'http';
  readonly protocol: ModelServer['protocol'];
  readonly server: Server;
  /** Names of the headers whose values are secret. */
  readonly headers: readonly string[];
  readonly limits: Partial<Limits>;
  readonly facts: ModelFacts;
};

export type Route =
  | HttpRoute
  | { readonly kind: 'recorded'; readonly facts: ModelFacts }
  | { readonly kind: 'vscode'; readonly facts: ModelFacts; readonly limits: Partial<Limits> };

export type RouteSettings = {
  /** `openexec.baseUrl`, `--base-url`: where `openai` and `openai-compatible` are. */
  readonly baseUrl: string | undefined;
  readonly settings: ModelSettings;
};

/** The way to a model. No request is made, and nothing is asked of VS Code. */
export function routeOf(spec: ModelSpec, { baseUrl, settings }: RouteSettings): Result<Route, ModelProblem> {
  const provider = PROVIDERS.find((candidate) => candidate === spec.provider);
  switch (provider) {
    case 'recorded':
      return ok({ kind: 'recorded', facts: { ...NOTHING_KNOWN, price: FREE } });
    case 'vscode':
      return vscodeRoute(spec, settings);
    case 'anthropic':
      return http(spec, 'anthropic', ANTHROPIC_URL, settings);
    case 'openai':
      // An address of its own is one of a gateway, of which only the older protocol can be expected.
      return http(spec, baseUrl ? 'chat' : 'responses', baseUrl || OPENAI_URL, settings);
    case 'openai-compatible':
      if (baseUrl) return http(spec, 'chat', baseUrl, settings);
      return unconfigured('openai-compatible needs the address of the server: set openexec.baseUrl, or --base-url.');
    case undefined:
      return ownServer(spec, settings);
    default:
      return assertNever(provider);
  }
}

/** VS Code says nothing of prices, and knows no limits: what is set is what there is. */
function vscodeRoute({ name }: ModelSpec, { prices, timeouts }: ModelSettings): Result<Route, ModelProblem> {
  const price = prices.get(`vscode:${name}`);
  if (price?.ok === false) return invalid(price.error);
  const limits = timeouts.get('vscode');
  if (limits?.ok === false) return invalid(limits.error);
  const facts = { ...NOTHING_KNOWN, price: price?.value ?? null };
  return ok({ kind: 'vscode', facts, limits: limits?.value ?? {} });
}

function ownServer(spec: ModelSpec, settings: ModelSettings): Result<Route, ModelProblem> {
  const entry = settings.servers.get(spec.provider);
  if (entry === undefined) return unconfigured(`There is no model provider "${spec.provider}".`);
  if (!entry.ok) return invalid(entry.error);
  return http(spec, entry.value.protocol, entry.value.baseUrl, settings, entry.value);
}

function http(
  { provider, name }: ModelSpec,
  protocol: ModelServer['protocol'],
  baseUrl: string,
  settings: ModelSettings,
  entry: ModelServer | null = null,
): Result<Route, ModelProblem> {
  const parsed = parseBaseUrl(baseUrl);
  if (!parsed.ok) return invalid(entry === null ? parsed.error : `openexec.models, "${provider}": ${parsed.error}`);
  const server = declared(parsed.value, entry?.local);
  const { host } = new URL(server.baseUrl);
  const facts = factsOf({ provider, name, host, loopback: server.loopback, server: entry }, settings);
  if (!facts.ok) return invalid(facts.error);
  const set = settings.timeouts.get(provider);
  if (set?.ok === false) return invalid(set.error);
  const slow = server.loopback || server.declaredLocal ? { firstTokenMs: LOCAL_FIRST_TOKEN_MS } : {};
  const limits = { ...slow, ...set?.value, ...entry?.limits };
  return ok({ kind: 'http', protocol, server, headers: entry?.headers ?? [], limits, facts: facts.value });
}

/** What a person says of a server counts for more than its address: one on this machine may pass everything on. */
function declared(server: Server, local: boolean | undefined): Server {
  if (local === false)
    return { ...server, loopback: false, declaredLocal: false, destination: new URL(server.baseUrl).host };
  return { ...server, declaredLocal: local === true };
}
