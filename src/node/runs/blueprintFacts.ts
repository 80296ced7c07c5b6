/** What the editor of a blueprint needs to know besides its text: what it can name, and what a run of it would cost. */
import path from 'node:path';
import type { Known } from '../../core/blueprint/checkNodes';
import type { Blueprint } from '../../core/blueprint/schema';
import type { Price } from '../../core/events/parts';
import { FREE, priceAt } from '../../core/models/price';
import { parseBaseUrl } from '../models/openai/server';
import { defaultModelSpec, listCassettes, OPENAI_URL, parseModelSpec } from '../models/select';
import { knownNames } from './catalogue';

export type BlueprintFacts = {
  readonly known: Known;
  /** The price of the model that a run of the blueprint would use; null when it is not known. */
  readonly priceOf: (blueprint: Blueprint) => Price | null;
};

type Configured = { readonly model: string | undefined; readonly baseUrl: string | undefined };

/** `folder` holds the recordings that stand in for a model when none is configured; null when there is no folder. */
export async function blueprintFacts(
  folder: string | null,
  assets: string,
  { model, baseUrl }: Configured,
): Promise<BlueprintFacts> {
  const cassetteNames = folder === null ? [] : await listCassettes(path.join(folder, '.openexec', 'cassettes'));
  return {
    known: await knownNames({ assets }),
    priceOf: (blueprint) => {
      const spec = defaultModelSpec({ configured: model ?? blueprint.model, cassetteNames });
      return spec === null ? null : priceOfSpec(spec, baseUrl);
    },
  };
}

function priceOfSpec(spec: string, baseUrl: string | undefined): Price | null {
  const parsed = parseModelSpec(spec);
  if (!parsed.ok) return null;
  const { provider, name } = parsed.value;
  if (provider === 'recorded') return FREE;
  const server = parseBaseUrl(baseUrl || (provider === 'openai' ? OPENAI_URL : ''));
  if (!server.ok) return null;
  return priceAt({ provider, name, destination: server.value.destination, local: server.value.loopback });
}
