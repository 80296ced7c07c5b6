/** Which model a run gets: what is configured, else a recording of the workspace, else a clear list of choices. */
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import type { Model } from '../../core/ports/model';
import { howToSet, keyVariable } from '../models/secretNames';
import { createModel, listCassettes, type ModelSetup } from '../models/select';
import { isLoopback } from '../models/shared/server';
import { defaultModelSpec, parseModelSpec } from '../models/spec';

export type ModelChoice = ModelSetup & {
  /** `provider:name`; undefined when the person configured none. */
  readonly model: string | undefined;
  /** Whether a recording may be named by an absolute path. */
  readonly allowFiles: boolean;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
};

/**
 * The model for runs of the repository at `root`: `wanted` (`provider:name`) comes before what is configured, `otherwise`
 * after it. Rejects with `model_unconfigured` or `config_invalid`.
 */
export type ChooseModel = (root: string, wanted?: string, otherwise?: string) => Promise<Model>;

/** What can be chosen, and how, in one line: said where nothing is. */
export const CHOICES =
  'anthropic:NAME or openai:NAME with a key (OpenExec: Set API Key…; ANTHROPIC_API_KEY, OPENAI_API_KEY), ' +
  'openai-compatible:NAME with openexec.baseUrl (--base-url) such as http://127.0.0.1:11434/v1 for Ollama, ' +
  'vscode:NAME for a model of VS Code, or ID:NAME of a server in openexec.models (OPENEXEC_MODELS)';

/** The folder of a repository's recordings. */
export const cassettesOf = (root: string): string => path.join(root, '.openexec', 'cassettes');

/** Chooses by what is set up at the time of making; nothing is read before it is asked. */
export function modelChooser(choice: ModelChoice): ChooseModel {
  return async (root, wanted, otherwise) => {
    const cassettes = cassettesOf(root);
    const configured = [wanted, choice.model, otherwise].find((spec) => spec?.trim());
    const spec = defaultModelSpec({ configured, cassetteNames: await listCassettes(cassettes) });
    if (spec === null) {
      const how = `Set openexec.model ("OpenExec: Choose Model…", or --model) to ${CHOICES}`;
      throw new OpenExecError('model_unconfigured', `No model is configured. ${how}.`);
    }
    const parsed = parseModelSpec(spec, choice.settings);
    if (!parsed.ok) throw new OpenExecError(parsed.error.code, parsed.error.message);
    const model = await createModel(parsed.value, { ...choice, cassettes });
    if (!model.ok) throw new OpenExecError(model.error.code, model.error.message);
    return model.value;
  };
}

/** A model elsewhere needs a key, and the person is told before the run rather than by its first request. */
export function needingKey(
  choose: ChooseModel,
  { keys, settings }: Pick<ModelChoice, 'keys' | 'settings'>,
): ChooseModel {
  return async (root, wanted, otherwise) => {
    const model = await choose(root, wanted, otherwise);
    const { provider, local, destination } = model.id;
    const own = settings.servers.get(provider);
    // A gateway with headers of its own is let in by these; they have values, or there would be no model.
    const byHeaders = own?.ok === true && own.value.headers.length > 0;
    // One on this machine seldom wants a key, however far it is trusted.
    const here = own?.ok === true && isLoopback(new URL(own.value.baseUrl).hostname);
    if (local || here || byHeaders || provider === 'vscode' || (await keys(provider)) !== undefined) return model;
    const what = `There is no API key for ${destination}`;
    const how = `Set one ${howToSet(keyVariable(provider))}; or choose another model in openexec.model`;
    throw new OpenExecError('model_unconfigured', `${what}. ${how}.`);
  };
}
