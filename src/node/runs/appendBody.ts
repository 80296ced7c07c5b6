import { seal } from '../../core/events/chain';
import { externalizeBody, fitted } from '../../core/events/externalize';
import type { EventBody } from '../../core/events/schema';
import type { RunWriter } from '../store/store';
import { sha256 } from '../system/sha256';
import type { Runtime } from './runtime';

/** Appends what happened outside of the engine at the end of a run's chain. */
export async function appendBody(writer: RunWriter, body: EventBody, { store, clock }: Runtime): Promise<void> {
  const stored = await externalizeBody(fitted(body), store.blobs);
  await writer.append(seal(stored, { run: writer.run, at: clock.now(), head: writer.head, hash: sha256 }));
}
