/**
 * The store's worker thread: SQLite (sql.js, in memory) away from the main thread. Requests are served one after the
 * other, in order. esbuild makes `store-worker.js` of it, with `sql-wasm.wasm` beside it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { assertNever } from '../../../core/kernel/assertNever';
import { messageOf } from '../../../core/kernel/errors';
import { readEgress } from '../egress';
import { foldJournal } from './folding';
import { databaseFollower } from './follow';
import { readIndex, writeIndex } from './indexDatabase';
import { requestEnvelope, type WorkerAnswer, type WorkerRequest } from './protocol';
import { blobsOfRunAlone } from './references';

/** Answers one request after the other. */
function server(sql: SqlJsStatic): (request: WorkerRequest) => Promise<WorkerAnswer> {
  const follow = databaseFollower(sql);
  return async (request) => {
    switch (request.kind) {
      case 'database':
        return follow(request);
      case 'fold':
        return foldJournal(request);
      case 'egress':
        return { kind: 'egress', ...(await readEgress(request.root, request.run)) };
      case 'blobs':
        return { kind: 'blobs', addresses: await blobsOfRunAlone(request.root, request.run) };
      case 'readIndex':
        return { kind: 'index', ...(await readIndex(sql, request)) };
      case 'writeIndex':
        return { kind: 'index', ...(await writeIndex(sql, request)) };
      default:
        return assertNever(request);
    }
  };
}

function listen(port: NonNullable<typeof parentPort>): void {
  const loaded = readFile(path.join(__dirname, 'sql-wasm.wasm'))
    .then((bytes) => initSqlJs({ wasmBinary: new Uint8Array(bytes).buffer }))
    .then(server);
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: unknown) => {
    const { id, request } = requestEnvelope.parse(message);
    last = last
      .then(async () => (await loaded)(request))
      .catch((error: unknown): WorkerAnswer => ({ kind: 'failed', message: messageOf(error) }))
      .then((answer) => port.postMessage({ id, answer }));
  });
}

if (parentPort !== null) listen(parentPort);
