/** What is known of a model where it is asked: what the person has set comes first, then what its provider says. */
import type { Price } from '../events/parts';
import { own } from '../kernel/own';
import { ok, type Result } from '../kernel/result';
import type { ModelFacts } from '../ports/model';
import { listed } from './catalogue';
import { FREE } from './price';
import type { ModelServer, ModelSettings } from './settings';

/** Where a model is asked for, as far as what is known of it depends on that. */
export type Place = {
  /** The id of the provider, by which it was chosen. */
  readonly provider: string;
  readonly name: string;
  /** `host[:port]` of the server. */
  readonly host: string;
  /** True when the server is on this machine. */
  readonly loopback: boolean;
  /** The entry of `openexec.models`; null for a provider that OpenExec knows. */
  readonly server: ModelServer | null;
};

/** A list price holds at the provider itself and nowhere else, whatever a server elsewhere calls its model. */
const OWN_HOSTS: Readonly<Record<string, string>> = { 'api.openai.com': 'openai', 'api.anthropic.com': 'anthropic' };

/**
 * The facts of a model. What runs on this machine costs nothing unless a price is set; of other servers only what is set is
 * known. The error is a price of `openexec.prices` that cannot be used.
 */
export function factsOf(place: Place, settings: ModelSettings): Result<ModelFacts, string> {
  const set = settings.prices.get(`${place.provider}:${place.name}`);
  if (set?.ok === false) return set;
  const at = own(OWN_HOSTS, place.host);
  const entry = at === undefined ? null : listed(at, place.name);
  const { server } = place;
  return ok({
    contextTokens: server?.contextTokens ?? entry?.contextTokens ?? null,
    outputTokens: server?.outputTokens ?? entry?.outputTokens ?? null,
    price: set?.value ?? server?.price ?? entry?.price ?? freeAt(place),
  });
}

const freeAt = ({ loopback }: Place): Price | null => (loopback ? FREE : null);
