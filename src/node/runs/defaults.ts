/** What a run of a folder would use, for the questions before the start. */
import path from 'node:path';
import { loadCassette } from '../models/recorded/cassette';
import { listCassettes } from '../models/select';
import { defaultModelSpec } from '../models/spec';
import { type BlueprintEntry, listBlueprints } from './catalogue';
import { cassettesOf } from './chooseModel';

export type StartDefaults = {
  readonly blueprints: readonly BlueprintEntry[];
  /** `provider:name`; null when nothing is configured. */
  readonly model: string | null;
  /** The task of the recording, when the model is one. */
  readonly recordedTask: string | null;
};

/** Looks only; what is broken shows when the run is started. */
export async function startDefaults(
  folder: string,
  assets: string,
  configured: string | undefined,
  providers?: readonly string[],
): Promise<StartDefaults> {
  const cassettes = cassettesOf(folder);
  const model = defaultModelSpec({ configured, cassetteNames: await listCassettes(cassettes) });
  const name = model?.startsWith('recorded:') ? model.slice('recorded:'.length) : null;
  const cassette = name === null ? null : await loadCassette(path.join(cassettes, `${name}.json`));
  return {
    blueprints: await listBlueprints({ assets, workspace: folder }, providers),
    model,
    recordedTask: cassette?.ok ? cassette.value.task : null,
  };
}
