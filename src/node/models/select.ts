/**
 * The one place that knows every provider: from `provider:name` to a model behind the port.
 */
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import type { Price } from '../../core/events/parts';
import { assertNever } from '../../core/kernel/assertNever';
import { ok, type Result } from '../../core/kernel/result';
import type { ProxySetting } from '../../core/models/proxy';
import type { Model } from '../../core/ports/model';
import { createAnthropicModel } from './anthropic/model';
import { createOpenAiModel } from './openai/model';
import { createResponsesModel } from './openai/responses/model';
import { loadCassette } from './recorded/cassette';
import { createRecordedModel } from './recorded/model';
import { type HttpRoute, type RouteSettings, routeOf } from './route';
import { headerVariable, howToSet, keyVariable, type ModelSecrets } from './secretNames';
import { DEFAULT_LIMITS, type Limits } from './shared/limits';
import { createTransport } from './shared/transport';
import { invalid, type ModelProblem, type ModelSpec, unconfigured } from './spec';

const CASSETTE_NAME = /^[A-Za-z0-9._-]+$/;
const CASSETTE_END = '.json';

/** What a person has set of a model of the editor. */
export type VscodeSet = { readonly price: Price | null; readonly limits: Partial<Limits> };

/** What is set up beside the choice of a model. */
export type ModelSetup = RouteSettings &
  ModelSecrets & {
    readonly proxy: ProxySetting;
    /** The models of the editor; null where there is none. */
    readonly vscode: ((name: string, set: VscodeSet) => Promise<Result<Model, ModelProblem>>) | null;
  };

export type ModelOptions = ModelSetup & {
  /** The folder of the workspace's cassettes (`.openexec/cassettes`). */
  readonly cassettes: string;
  /** True where `recorded:/absolute/file.json` is allowed: on the command line. */
  readonly allowFiles?: boolean;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
};

/** Makes the model a spec names. No request is made; a missing key shows with the first one. */
export async function createModel(spec: ModelSpec, options: ModelOptions): Promise<Result<Model, ModelProblem>> {
  const route = routeOf(spec, options);
  if (!route.ok) return route;
  switch (route.value.kind) {
    case 'recorded':
      return createRecorded(spec.name, options);
    case 'vscode':
      if (options.vscode !== null) {
        const { facts, limits } = route.value;
        return options.vscode(spec.name, { price: facts.price, limits });
      }
      return unconfigured(`vscode:${spec.name} is a model of VS Code, which this is not. Choose another one here.`);
    case 'http':
      return createHttp(spec, route.value, options);
    default:
      return assertNever(route.value);
  }
}

async function createHttp(
  { provider, name }: ModelSpec,
  route: HttpRoute,
  options: ModelOptions,
): Promise<Result<Model, ModelProblem>> {
  const headers = await headersOf(provider, route, options);
  if (!headers.ok) return headers;
  const connectMs = route.limits.connectMs ?? DEFAULT_LIMITS.connectMs;
  const common = {
    provider,
    name,
    server: route.server,
    key: await options.keys(provider),
    setKey: howToSet(keyVariable(provider)),
    headers: headers.value,
    facts: route.facts,
    transport: createTransport({ proxy: options.proxy, connectMs }),
    limits: route.limits,
    monotonic: options.monotonic,
  };
  switch (route.protocol) {
    case 'anthropic':
      return ok(createAnthropicModel(common));
    case 'responses':
      return ok(createResponsesModel(common));
    case 'chat':
      return ok(createOpenAiModel(common));
    default:
      return assertNever(route.protocol);
  }
}

/** The declared headers with their values. Without one of them a gateway would refuse, in words that say less. */
export async function headersOf(
  provider: string,
  route: HttpRoute,
  { headers }: ModelSecrets,
): Promise<Result<Record<string, string>, ModelProblem>> {
  const found: Record<string, string> = {};
  for (const name of route.headers) {
    const value = (await headers(provider, name))?.trim();
    const set = `Set it ${howToSet(headerVariable(provider, name))}.`;
    if (!value) return unconfigured(`The header ${name} of ${provider} has no value. ${set}`);
    if (!/^[\x20-\x7e]+$/.test(value))
      return invalid(`The header ${name} of ${provider} holds other characters than ASCII. ${set}`);
    found[name] = value;
  }
  return ok(found);
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
