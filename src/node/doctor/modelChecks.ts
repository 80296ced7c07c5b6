/** The model that a new run would use: whether it is configured, has its key, and whether its server answers. */
import type { ModelFacts } from '../../core/ports/model';
import { type HttpRoute, routeOf } from '../models/route';
import { howToSet, keyVariable } from '../models/secretNames';
import { createModel, headersOf, listCassettes } from '../models/select';
import { isLoopback } from '../models/shared/server';
import { defaultModelSpec, type ModelSpec, parseModelSpec } from '../models/spec';
import { CHOICES, cassettesOf, type ModelChoice } from '../runs/chooseModel';
import { type Check, check, type Found, fine, wrong } from './check';
import { reach } from './reach';

/** Checks the configured model, else the first recording of the folder; what is wrong in the settings is said as well. */
export async function modelChecks(folder: string | null, choice: ModelChoice): Promise<Check[]> {
  const { problems } = choice.settings;
  const settings: Check[] =
    problems.length === 0 ? [] : [{ name: 'model settings', ok: false, detail: problems.join(' ') }];
  const cassettes = folder === null ? '' : cassettesOf(folder);
  const cassetteNames = folder === null ? [] : await listCassettes(cassettes);
  const text = defaultModelSpec({ configured: choice.model, cassetteNames });
  if (text === null) {
    const detail = `none is configured. Set openexec.model ("OpenExec: Choose Model…", or --model) to ${CHOICES}.`;
    return [...settings, { name: 'model', ok: false, detail }];
  }
  const spec = parseModelSpec(text, choice.settings);
  if (!spec.ok) return [...settings, { name: 'model', ok: false, detail: spec.error.message }];
  return [...settings, ...(await checksOf(spec.value, { ...choice, cassettes }))];
}

async function checksOf(spec: ModelSpec, options: ModelChoice & { cassettes: string }): Promise<Check[]> {
  const title = `${spec.provider}:${spec.name}`;
  const route = routeOf(spec, options);
  if (!route.ok) return [{ name: 'model', ok: false, detail: route.error.message }];
  const made = await check('model', async () => {
    const model = await createModel(spec, options);
    if (!model.ok) return wrong(model.error.message);
    const { destination, local } = model.value.id;
    const where = `${destination}${local ? ', which counts as local' : ''}`;
    return fine(`${title} at ${where}; ${factWords(model.value.facts)}`);
  });
  if (route.value.kind !== 'http') return [made];
  const { value: http } = route;
  const key = (await options.keys(spec.provider)) !== undefined;
  return [
    made,
    await check('key', async () => keyFound(spec, http, key)),
    await check('provider', () => answer(spec, http, options)),
  ];
}

/** What is known of a model, in words. */
function factWords({ contextTokens, outputTokens, price }: ModelFacts): string {
  const size = contextTokens === null ? 'its context size is not known' : `${contextTokens} tokens of context`;
  const reply = outputTokens === null ? '' : `, ${outputTokens} of reply`;
  const cost =
    price === null ? 'its price is not known' : `$${price.input} in and $${price.output} out for a million tokens`;
  return `${size}${reply}, ${cost}`;
}

/** Whether there is a key; never what it is. */
function keyFound({ provider }: ModelSpec, { server, headers }: HttpRoute, key: boolean): Found {
  if (key) return fine(`there is one for ${provider}; whether it is accepted shows with the first request`);
  if (isLoopback(new URL(server.baseUrl).hostname) || server.declaredLocal)
    return fine('none, and a server of your own seldom wants one');
  if (headers.length > 0) return fine(`none; ${headers.join(', ')} is sent to ${server.destination} instead`);
  return wrong(`there is none for ${server.destination}. Set one ${howToSet(keyVariable(provider))}.`);
}

async function answer({ provider, name }: ModelSpec, route: HttpRoute, options: ModelChoice): Promise<Found> {
  const { server } = route;
  const headers = await headersOf(provider, route, options);
  const found = await reach({
    route,
    proxy: options.proxy,
    key: await options.keys(provider),
    headers: headers.ok ? headers.value : {},
  });
  if (!found.ok) {
    const how = server.loopback ? 'Start the server' : 'Check the address, the network and the proxy';
    return wrong(`${found.error} ${how} (${server.baseUrl}).`);
  }
  if (found.value === null) return fine(`${server.baseUrl} answers; it was asked for nothing else, without a key`);
  // Ollama leaves the tag out where it is the usual one.
  if (found.value.some((known) => known === name || known === `${name}:latest`))
    return fine(`${server.baseUrl} answers, and has ${name}`);
  const has = found.value.slice(0, 8).join(', ') || 'no model';
  return wrong(`${server.baseUrl} answers, and has ${has}, not "${name}". Load it there, or choose another model.`);
}
