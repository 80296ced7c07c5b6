/** Models, as this window sees them: what can be chosen, with which keys and over which proxy, and a try. */
import path from 'node:path';
import * as vscode from 'vscode';
import { createGate } from './core/gatekeeper/gate';
import { OpenExecError } from './core/kernel/errors';
import { CATALOGUE } from './core/models/catalogue';
import type { ModelRequest } from './core/ports/model';
import { listModels } from './node/models/listModels';
import { type HttpRoute, type Route, routeOf } from './node/models/route';
import { listCassettes } from './node/models/select';
import { watch } from './node/models/shared/deadline';
import { createTransport } from './node/models/shared/transport';
import { estimateUsage } from './node/models/shared/usage';
import { defaultModelSpec, parseModelSpec } from './node/models/spec';
import { type ModelChoice, modelChooser, needingKey } from './node/runs/chooseModel';
import { sha256 } from './node/system/sha256';
import { monotonic } from './node/system/time';
import { allKeys, type KeyFor, readKey, readSigningKey, storeKey } from './vscode/keys';
import type { KeyPlace, ModelChoices, ModelRow, ModelServer, Models } from './vscode/models/models';
import { type VscodeModels, vscodeModels } from './vscode/models/vscodeModels';
import { proxySecrets, proxySetting } from './vscode/proxy';
import { readSettings, type Settings } from './vscode/settings';

/** A person waits for the list; one on this machine answers at once or is not there. */
const ASK_MS = { loopback: 3_000, elsewhere: 15_000 };

const QUESTION = 'Answer with the one word: ready';
/** Enough for a model that thinks before it says its word, mostly. */
const TEST_TOKENS = 64;

export class WindowModels implements Models {
  readonly #context: vscode.ExtensionContext;
  readonly #warn: (line: string) => void;
  readonly #vscode: VscodeModels;

  constructor(context: vscode.ExtensionContext, warn: (line: string) => void) {
    this.#context = context;
    this.#warn = warn;
    this.#vscode = vscodeModels(vscode, { watch, estimate: estimateUsage, monotonic });
  }

  /** What a run's model is chosen by, as the settings are now. */
  choice(): ModelChoice {
    const { model, baseUrl, settings } = this.#settings();
    return {
      model,
      baseUrl,
      settings,
      keys: (provider) => this.#key({ provider }),
      headers: (provider, header) => this.#key({ provider, header }),
      vscode: (name, set) => this.#vscode.open(name, set),
      proxy: proxySetting(),
      allowFiles: false,
      monotonic,
    };
  }

  /** Everything that must never be recorded or sent: keys, headers, the password of the proxy, the key that signs. */
  async secrets(): Promise<string[]> {
    const { secrets } = this.#context;
    const signing = await readSigningKey(secrets);
    return [...(await allKeys(secrets)), ...proxySecrets(), ...(signing === undefined ? [] : [signing])];
  }

  async choices(folder: string | null): Promise<ModelChoices> {
    const settings = this.#settings();
    const cassetteNames = folder === null ? [] : await listCassettes(path.join(folder, '.openexec', 'cassettes'));
    const rows: ModelRow[] = [];
    for (const { spec, group, ...more } of [
      ...cassetteNames.map((name) => ({ spec: `recorded:${name}`, group: "this workspace's recordings" })),
      ...serverSpecs(settings),
      ...CATALOGUE.map(({ provider, name, asOf }) => ({
        spec: `${provider}:${name}`,
        group: provider,
        priceDate: asOf,
      })),
    ]) {
      const row = await this.#row(spec, group, settings, more);
      if (row !== null) rows.push(row);
    }
    return {
      rows: [...rows, ...(await this.#vscodeRows())],
      servers: serversOf(settings).map(({ provider, route }) => serverOf(provider, route)),
      current: defaultModelSpec({ configured: settings.model, cassetteNames }),
      otherwise: defaultModelSpec({ cassetteNames }),
    };
  }

  async ask({ provider, destination, loopback }: ModelServer, signal: AbortSignal): Promise<readonly ModelRow[]> {
    const settings = this.#settings();
    const found = serversOf(settings).find((server) => server.provider === provider);
    if (found === undefined) throw new OpenExecError('config_invalid', `The server ${provider} is set no more.`);
    const { route } = found;
    const wait = loopback ? ASK_MS.loopback : ASK_MS.elsewhere;
    const { fetch } = createTransport({ proxy: proxySetting(), connectMs: wait });
    const headers: Record<string, string> = {};
    for (const header of route.headers) headers[header] = (await this.#key({ provider, header })) ?? '';
    const { server, protocol } = route;
    const asked = { server, protocol, key: await this.#key({ provider }), headers, fetch };
    const names = await listModels(asked, AbortSignal.any([signal, AbortSignal.timeout(wait)]));
    if (!names.ok) throw new OpenExecError('config_invalid', names.error);
    const rows = names.value.map((name) =>
      this.#row(`${provider}:${name}`, groupOf(provider, destination), settings, {}),
    );
    return (await Promise.all(rows)).filter((row) => row !== null);
  }

  async keyPlaces(): Promise<readonly KeyPlace[]> {
    const settings = this.#settings();
    const places: (KeyFor & { destination: string })[] = [];
    for (const provider of ['anthropic', 'openai', 'openai-compatible', ...settings.settings.servers.keys()]) {
      const route = httpRoute(provider, settings);
      const destination = route?.server.destination ?? 'the server that is set';
      places.push(
        { provider, destination },
        ...(route?.headers ?? []).map((header) => ({ provider, header, destination })),
      );
    }
    const chosen = settings.model?.split(':', 1)[0];
    const first = (place: KeyFor): number => (place.provider === chosen ? 0 : 1);
    places.sort((a, b) => first(a) - first(b));
    return Promise.all(places.map(async (place) => ({ ...place, isSet: (await this.#key(place)) !== undefined })));
  }

  storeKey(of: KeyFor, key: string): Promise<void> {
    return storeKey(this.#context.secrets, of, key);
  }

  async chosen(folder: string | null) {
    return (await this.#open(folder)).id;
  }

  async test(folder: string | null, signal: AbortSignal) {
    const model = await this.#open(folder);
    const messages: ModelRequest['messages'] = [{ role: 'user', content: QUESTION }];
    const request = { messages, tools: [], maxOutputTokens: TEST_TOKENS, signature: sha256(QUESTION) };
    const answer = await model.invoke(request, { signal, onDelta: () => undefined });
    if (answer.kind === 'reply') return answer;
    // Adapters hold keys back; what a server has made of one is found here as in a run.
    const known = (await this.secrets()).map((value) => ({ kind: 'stored-key' as const, value }));
    return { ...answer, message: createGate({ known, names: [] }).recordable(answer.message) };
  }

  /** Without a folder there are no recordings, and the extension's own has none. */
  async #open(folder: string | null) {
    const choice = this.choice();
    return needingKey(modelChooser(choice), choice)(folder ?? this.#context.extensionPath);
  }

  #settings(): Settings {
    return readSettings(this.#warn);
  }

  #key(of: KeyFor): Promise<string | undefined> {
    return readKey(this.#context.secrets, of);
  }

  /** Null where the model has no route, which then says why when it is chosen. */
  async #row(spec: string, group: string, settings: Settings, more: Partial<ModelRow>): Promise<ModelRow | null> {
    const parsed = parseModelSpec(spec, settings.settings);
    const route = parsed.ok ? routeOf(parsed.value, settings) : parsed;
    if (!parsed.ok || !route.ok) return null;
    const { provider, name } = parsed.value;
    const { contextTokens, price } = route.value.facts;
    return {
      ...{ spec, provider, title: name, group, contextTokens, price, priceDate: null },
      ...placeOf(route.value),
      keyMissing: await this.#keyMissing(provider, route.value),
      note: route.value.kind === 'recorded' ? 'answers the task it was recorded for, without a live call' : null,
      // The list's date is not that of a price which the person has set.
      ...(price === null || settings.settings.prices.has(`${provider}:${name}`) ? {} : more),
    };
  }

  async #keyMissing(provider: string, route: Route): Promise<boolean> {
    if (route.kind !== 'http') return false;
    const { server, headers } = route;
    for (const header of headers) if ((await this.#key({ provider, header })) === undefined) return true;
    if (server.loopback || server.declaredLocal || headers.length > 0) return false;
    return (await this.#key({ provider })) === undefined;
  }

  async #vscodeRows(): Promise<ModelRow[]> {
    return (await this.#vscode.list()).map(({ name, title, vendor, family, contextTokens, callsTools }) => ({
      ...{ spec: `vscode:${name}`, provider: 'vscode', title, group: "VS Code's models", contextTokens },
      ...{
        destination: `VS Code (${vendor} ${family})`,
        local: false,
        price: null,
        priceDate: null,
        keyMissing: false,
      },
      note:
        callsTools === false ? 'cannot call tools, so that most runs fail' : 'VS Code asks you before its first use',
    }));
  }
}

const placeOf = (route: Route): Pick<ModelRow, 'destination' | 'local'> =>
  route.kind === 'http'
    ? { destination: route.server.destination, local: route.server.loopback || route.server.declaredLocal }
    : { destination: 'this machine (recorded)', local: true };

const groupOf = (provider: string, destination: string): string => `${provider}: ${destination}`;

/** The way to a provider, whichever of its models; null where there is none. */
function httpRoute(provider: string, settings: Settings): HttpRoute | null {
  const route = routeOf({ provider, name: '*' }, settings);
  return route.ok && route.value.kind === 'http' ? route.value : null;
}

/** The servers that a person has described, in their order. */
function serversOf(settings: Settings): { provider: string; route: HttpRoute }[] {
  const ids = [...settings.settings.servers.keys(), ...(settings.baseUrl === undefined ? [] : ['openai-compatible'])];
  return ids.flatMap((provider) => {
    const route = httpRoute(provider, settings);
    return route === null ? [] : [{ provider, route }];
  });
}

const serverOf = (provider: string, { server }: HttpRoute): ModelServer => ({
  provider,
  destination: server.destination,
  loopback: server.loopback,
});

function serverSpecs(settings: Settings): { spec: string; group: string }[] {
  return serversOf(settings).flatMap(({ provider, route }) => {
    const entry = settings.settings.servers.get(provider);
    const names = entry?.ok === true ? entry.value.models : [];
    const group = groupOf(provider, route.server.destination);
    return names.map((name) => ({ spec: `${provider}:${name}`, group }));
  });
}
