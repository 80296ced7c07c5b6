/** A database worker of a store that keeps nothing: for processes that are killed before anybody could miss a database. */
import { parentPort } from 'node:worker_threads';
import { assertNever } from '../../src/core/kernel/assertNever';
import type { WorkerAnswer, WorkerRequest } from '../../src/node/store/worker/protocol';

function answerTo({ kind }: WorkerRequest): WorkerAnswer {
  switch (kind) {
    case 'database':
      return { kind: 'database', found: 'ok', problem: null };
    case 'fold':
      return { kind: 'fold', row: null, denials: [], problem: null };
    case 'egress':
      return { kind: 'egress', ledger: { filesKnown: true, local: false, routes: [], items: [] }, problem: null };
    case 'blobs':
      return { kind: 'blobs', addresses: [] };
    case 'readIndex':
    case 'writeIndex':
      return { kind: 'index', state: 'ok', rows: [], partial: [] };
    default:
      return assertNever(kind);
  }
}

parentPort?.on('message', ({ id, request }: { id: number; request: WorkerRequest }) => {
  parentPort?.postMessage({ id, answer: answerTo(request) });
});
