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
import { readIndex, writeIndex } from './indexDatabase';
import { requestEnvelope, type WorkerAnswer, type WorkerRequest } from './protocol';
import { openRunDatabase, type RunDatabase } from './runDatabase';

const databases = new Map<string, RunDatabase>();

async function serve(sql: SqlJsStatic, request: WorkerRequest): Promise<WorkerAnswer> {
  switch (request.kind) {
    case 'events': {
      const database = databases.get(request.run) ?? openRunDatabase(sql, request.run);
      databases.set(request.run, database);
      database.add(request.lines);
      return { kind: 'done' };
    }
    case 'checkpoint':
      await databases.get(request.run)?.writeTo(request.path);
      return { kind: 'done' };
    case 'drop':
      databases.get(request.run)?.close();
      databases.delete(request.run);
      return { kind: 'done' };
    case 'readIndex':
      return { kind: 'index', ...(await readIndex(sql, request.path)) };
    case 'writeIndex':
      return { kind: 'index', ...(await writeIndex(sql, request)) };
    default:
      return assertNever(request);
  }
}

function listen(port: NonNullable<typeof parentPort>): void {
  const loaded = readFile(path.join(__dirname, 'sql-wasm.wasm')).then((bytes) =>
    initSqlJs({ wasmBinary: new Uint8Array(bytes).buffer }),
  );
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: unknown) => {
    const { id, request } = requestEnvelope.parse(message);
    last = last
      .then(async () => serve(await loaded, request))
      .catch((error: unknown): WorkerAnswer => ({ kind: 'failed', message: messageOf(error) }))
      .then((answer) => port.postMessage({ id, answer }));
  });
}

if (parentPort !== null) listen(parentPort);
