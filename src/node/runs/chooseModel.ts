/** Which model a run gets: what is configured, else a recording of the workspace, else a clear list of choices. */
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import type { Model } from '../../core/ports/model';
import { createModel, defaultModelSpec, listCassettes, parseModelSpec } from '../models/select';

export type ModelChoice = {
  /** `provider:name`; undefined when the person configured none. */
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
  readonly key: string | undefined;
  /** Whether a recording may be named by an absolute path. */
  readonly allowFiles: boolean;
  readonly monotonic: () => number;
};

/**
 * The model for runs of the repository at `root`: `wanted` (`provider:name`) comes before what is configured, `otherwise`
 * after it. Rejects with `model_unconfigured` or `config_invalid`.
 */
export type ChooseModel = (root: string, wanted?: string, otherwise?: string) => Promise<Model>;

export function modelChooser({ model: configured, baseUrl, key, allowFiles, monotonic }: ModelChoice): ChooseModel {
  return async (root, wanted, otherwise) => {
    const cassettes = path.join(root, '.openexec', 'cassettes');
    const named = [wanted, configured, otherwise].find((spec) => spec?.trim());
    const spec = defaultModelSpec({ configured: named, cassetteNames: await listCassettes(cassettes) });
    if (spec === null) {
      const choices =
        'set openexec.model (or --model) to openai:NAME with a key, or to openai-compatible:NAME with a base URL';
      throw new OpenExecError('model_unconfigured', `No model is configured: ${choices}.`);
    }
    const parsed = parseModelSpec(spec);
    if (!parsed.ok) throw new OpenExecError(parsed.error.code, parsed.error.message);
    const model = await createModel(parsed.value, { baseUrl, key, cassettes, allowFiles, monotonic });
    if (!model.ok) throw new OpenExecError(model.error.code, model.error.message);
    return model.value;
  };
}

/** A model elsewhere needs a key, and the person is told before the run rather than by its first request. */
export function needingKey(choose: ChooseModel, key: string | undefined): ChooseModel {
  return async (root, wanted, otherwise) => {
    const model = await choose(root, wanted, otherwise);
    if (key !== undefined || model.id.local) return model;
    const what = `There is no API key for ${model.id.destination}`;
    throw new OpenExecError('model_unconfigured', `${what}. Set one, or choose another model in openexec.model.`);
  };
}
