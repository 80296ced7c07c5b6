import { type Report, reportSchema } from './report';

/** A typed report out of an artifact's content; null when it is something else. */
export function readReport(content: string): Report | null {
  try {
    return reportSchema.safeParse(JSON.parse(content)).data ?? null;
  } catch {
    return null;
  }
}
