/** `provider:name`, by which a model is chosen. */
import { err, ok, type Result } from '../../core/kernel/result';
import { type ModelSettings, NO_SETTINGS, PROVIDERS } from '../../core/models/settings';

/** The name may hold further colons (`openai-compatible:llama3.1:8b`). */
export type ModelSpec = { readonly provider: string; readonly name: string };

export type ModelProblem = { readonly code: 'model_unconfigured' | 'config_invalid'; readonly message: string };

/** The ids that a model's provider may have: those that OpenExec knows, and the servers of `openexec.models`. */
export const providersOf = ({ servers }: Pick<ModelSettings, 'servers'>): string[] => [...PROVIDERS, ...servers.keys()];

/** Parses `provider:name`; the message names the providers there are. */
export function parseModelSpec(text: string, settings: ModelSettings = NO_SETTINGS): Result<ModelSpec, ModelProblem> {
  const providers = providersOf(settings);
  const known = `Known providers: ${providers.join(', ')}.`;
  const [, before, after] = /^([^:]*):(.*)$/s.exec(text.trim()) ?? [];
  if (before === undefined || after === undefined) {
    return unconfigured(`The model "${oneLine(text)}" is not of the form provider:name. ${known}`);
  }
  if (!providers.includes(before)) {
    const servers = 'Servers of your own are described in openexec.models, or in the file that OPENEXEC_MODELS names.';
    return unconfigured(`There is no model provider "${oneLine(before)}". ${known} ${servers}`);
  }
  const name = after.trim();
  if (name === '' || name !== oneLine(name)) {
    return unconfigured(`"${oneLine(text)}" names no model: write ${before}:NAME.`);
  }
  return ok({ provider: before, name });
}

/**
 * The model to use when a run names none: what is configured, else the first recording of the workspace, else null,
 * and then the caller shows what can be configured.
 */
export function defaultModelSpec(known: {
  readonly configured?: string | undefined;
  readonly cassetteNames: readonly string[];
}): string | null {
  const configured = known.configured?.trim();
  if (configured) return configured;
  const first = known.cassetteNames[0];
  return first === undefined ? null : `recorded:${first}`;
}

export const unconfigured = (message: string) => err({ code: 'model_unconfigured' as const, message });
export const invalid = (message: string) => err({ code: 'config_invalid' as const, message });

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
