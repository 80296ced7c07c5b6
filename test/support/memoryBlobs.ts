/** The in-memory twin of the blob store; held to the same contract as the one on disk. */
import { OpenExecError } from '../../src/core/kernel/errors';
import type { Blobs } from '../../src/core/ports/eventLog';
import { sha256 } from '../../src/node/system/sha256';

export function memoryBlobs(): Blobs & { readonly content: Map<string, Uint8Array> } {
  const content = new Map<string, Uint8Array>();
  return {
    content,
    async put(bytes, media) {
      const blob = sha256(bytes);
      content.set(blob, bytes.slice());
      return { blob, bytes: bytes.length, media };
    },
    async get(address) {
      const bytes = content.get(address);
      if (bytes === undefined || sha256(bytes) !== address) {
        throw new OpenExecError('blob_missing', `blob ${address} is not there`);
      }
      return bytes.slice();
    },
  };
}
