/** What the editor of a blueprint needs to know besides its text: what it can name, and what a run of it would cost. */
import type { Known } from '../../core/blueprint/checkNodes';
import type { Blueprint } from '../../core/blueprint/schema';
import type { Price } from '../../core/events/parts';
import { type RouteSettings, routeOf } from '../models/route';
import { listCassettes } from '../models/select';
import { defaultModelSpec, parseModelSpec, providersOf } from '../models/spec';
import { knownNames } from './catalogue';
import { cassettesOf } from './chooseModel';

export type BlueprintFacts = {
  readonly known: Known;
  /** The price of the model that a run of the blueprint would use; null when it is not known. */
  readonly priceOf: (blueprint: Blueprint) => Price | null;
};

type Configured = RouteSettings & { readonly model: string | undefined };

/** `folder` holds the recordings that stand in for a model when none is configured; null when there is no folder. */
export async function blueprintFacts(
  folder: string | null,
  assets: string,
  { model, ...settings }: Configured,
): Promise<BlueprintFacts> {
  const cassetteNames = folder === null ? [] : await listCassettes(cassettesOf(folder));
  const places = folder === null ? { assets } : { assets, workspace: folder };
  return {
    known: await knownNames(places, providersOf(settings.settings)),
    priceOf: (blueprint) => {
      const spec = defaultModelSpec({ configured: model ?? blueprint.model, cassetteNames });
      return spec === null ? null : priceOfSpec(spec, settings);
    },
  };
}

/** The price of a model as a run of it would record it; null when it is not known, or there is no such model. */
export function priceOfSpec(spec: string, settings: RouteSettings): Price | null {
  const parsed = parseModelSpec(spec, settings.settings);
  const route = parsed.ok ? routeOf(parsed.value, settings) : parsed;
  return route.ok ? route.value.facts.price : null;
}
