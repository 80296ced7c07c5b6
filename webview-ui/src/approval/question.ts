import { z } from 'zod';
import type { PendingApproval } from '../../../src/protocol/approval';

const asked = z.object({ question: z.string() });

/** The question as the model asks it: whole where the arguments hold it, for a title is one line and may be cut. */
export function questionOf({ title, detail }: Pick<PendingApproval, 'title' | 'detail'>): string {
  try {
    return asked.safeParse(JSON.parse(detail)).data?.question ?? title;
  } catch {
    return detail === '' ? title : detail;
  }
}
