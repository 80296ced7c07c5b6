/**
 * Loads a model in this process, not in a thread, and prints as JSON what that did to it: what the model said, listeners on
 * the process, and all that was tried on the network. `node modelProbe.js FOLDER WASM_FOLDER TASK`.
 */
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { AutoTokenizer } from '@xenova/transformers';
import { messageOf } from '../../src/core/kernel/errors';
import { readModelFolder } from '../../src/node/gatekeeper/modelFolder';
import { loadModel } from '../../src/node/gatekeeper/worker/loadModel';

const [folder = '', wasmFolder = '', task = ''] = process.argv.slice(2);

const requests: string[] = [];

/** Whoever calls it is written down and refused. */
function watch(owner: object, name: string): void {
  const refuse = (...args: readonly unknown[]): never => {
    requests.push(`${name} ${String(args[0])}`);
    throw new Error(`${name} is watched`);
  };
  Object.defineProperty(owner, name, { value: refuse, writable: true, configurable: true });
}

const messageFrom = (work: Promise<unknown>): Promise<string | null> => work.then(() => null, messageOf);

async function main(): Promise<void> {
  watch(net.Socket.prototype, 'connect');
  for (const module of [dns, dns.promises]) for (const name of ['lookup', 'resolve', 'resolve4']) watch(module, name);
  for (const module of [http, https]) for (const name of ['request', 'get']) watch(module, name);
  watch(globalThis, 'fetch');
  const listeners = (): number[] =>
    ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
  const before = listeners();
  const { kind, quantized } = await readModelFolder(folder);
  const ask = await loadModel({ folder, wasmFolder, kind, quantized });
  const told = {
    said: [await ask(task), await ask(task)],
    before,
    after: listeners(),
    /** What happens to a model that is not here, and to one who would fetch it all the same. */
    elsewhere: await messageFrom(AutoTokenizer.from_pretrained('Xenova/bert-base-uncased')),
    fetched: await messageFrom((async () => fetch('https://huggingface.co/'))()),
    requests,
  };
  process.stdout.write(JSON.stringify(told));
}

void main();
