import type { Finding } from '../../src/core/gatekeeper/detect/kinds';
import { Chunks } from '../../src/core/gatekeeper/gate';

/** What is found in a text: UTF-16 offsets into it, in order, without overlaps. */
export function findingsOf(text: string): Finding[] {
  const chunks = new Chunks();
  return [...chunks.add(text), chunks.end()].flatMap(({ findings }) => findings);
}
