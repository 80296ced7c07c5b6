/**
 * The one place that knows every provider: from `provider:name` to a model behind the port.
 */
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { assertNever } from '../../core/kernel/assertNever';
import { err, ok, type Result } from '../../core/kernel/result';
import type { Model } from '../../core/ports/model';
import { createOpenAiModel } from './openai/model';
import { parseBaseUrl } from './openai/server';
import { loadCassette } from './recorded/cassette';
import { createRecordedModel } from './recorded/model';

export const PROVIDERS = ['openai', 'openai-compatible', 'recorded'] as const;
type Provider = (typeof PROVIDERS)[number];

/** Where `openai` is, when no other address is configured. */
export const OPENAI_URL = 'https://api.openai.com/v1';
const CASSETTE_NAME = /^[A-Za-z0-9._-]+$/;
const CASSETTE_END = '.json';

/** A parsed `provider:name`; the name may hold further colons (`openai-compatible:llama3.1:8b`). */
type ModelSpec = { readonly provider: Provider; readonly name: string };

type ModelProblem = { readonly code: 'model_unconfigured' | 'config_invalid'; readonly message: string };

export type ModelOptions = {
  /** Where an OpenAI-compatible server is; `openai` has a default, `openai-compatible` has none. */
  readonly baseUrl?: string | undefined;
  readonly key?: string | undefined;
  /** The folder of the workspace's cassettes (`.openexec/cassettes`). */
  readonly cassettes: string;
  /** True where `recorded:/absolute/file.json` is allowed: on the command line. */
  readonly allowFiles?: boolean;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
};

const unconfigured = (message: string) => err({ code: 'model_unconfigured' as const, message });
const invalid = (message: string) => err({ code: 'config_invalid' as const, message });

/** Parses `provider:name`; the message names the providers there are. */
export function parseModelSpec(text: string): Result<ModelSpec, ModelProblem> {
  const known = `Known providers: ${PROVIDERS.join(', ')}.`;
  const [, before, after] = /^([^:]*):(.*)$/s.exec(text.trim()) ?? [];
  if (before === undefined || after === undefined) {
    return unconfigured(`The model "${oneLine(text)}" is not of the form provider:name. ${known}`);
  }
  const provider = PROVIDERS.find((candidate) => candidate === before);
  if (provider === undefined) return unconfigured(`There is no model provider "${oneLine(before)}". ${known}`);
  const name = after.trim();
  if (name === '' || name !== oneLine(name)) {
    return unconfigured(`"${oneLine(text)}" names no model: write ${provider}:NAME.`);
  }
  return ok({ provider, name });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Makes the model a spec names. No request is made; a missing key shows with the first one. */
export async function createModel(spec: ModelSpec, options: ModelOptions): Promise<Result<Model, ModelProblem>> {
  switch (spec.provider) {
    case 'recorded':
      return createRecorded(spec.name, options);
    case 'openai':
      return createOpenAi(spec, options.baseUrl || OPENAI_URL, options);
    case 'openai-compatible':
      if (options.baseUrl) return createOpenAi(spec, options.baseUrl, options);
      return unconfigured('openai-compatible needs the address of the server: set openexec.baseUrl, or --base-url.');
    default:
      return assertNever(spec.provider);
  }
}

function createOpenAi({ provider, name }: ModelSpec, baseUrl: string, options: ModelOptions) {
  const server = parseBaseUrl(baseUrl);
  if (!server.ok) return invalid(server.error);
  return ok(
    createOpenAiModel({ provider, name, server: server.value, key: options.key, monotonic: options.monotonic }),
  );
}

async function createRecorded(name: string, options: ModelOptions): Promise<Result<Model, ModelProblem>> {
  const isFile = options.allowFiles === true && isAbsolute(name);
  if (!isFile && !CASSETTE_NAME.test(name)) {
    const files = options.allowFiles === true ? ', or the absolute path of a file' : '';
    return invalid(`"${name}" is not the name of a recording: letters, digits, ".", "_" and "-"${files}.`);
  }
  const loaded = await loadCassette(isFile ? name : join(options.cassettes, `${name}${CASSETTE_END}`));
  if (!loaded.ok) return loaded;
  return ok(createRecordedModel({ cassette: loaded.value, name: isFile ? basename(name, CASSETTE_END) : name }));
}

/** The names of the cassettes in a folder, in a fixed order; none when there is no such folder. */
export async function listCassettes(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(CASSETTE_END))
    .map((entry) => entry.name.slice(0, -CASSETTE_END.length))
    .filter((name) => CASSETTE_NAME.test(name))
    .sort();
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
