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

/** The model for runs of the repository at `root`. Rejects with `model_unconfigured` or `config_invalid`. */
export type ChooseModel = (root: string) => Promise<Model>;

export function modelChooser({ model: configured, baseUrl, key, allowFiles, monotonic }: ModelChoice): ChooseModel {
  return async (root) => {
    const cassettes = path.join(root, '.openexec', 'cassettes');
    const spec = defaultModelSpec({ configured, cassetteNames: await listCassettes(cassettes) });
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
