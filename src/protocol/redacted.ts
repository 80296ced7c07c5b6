/** Text in which something was redacted, in pieces: what is left, and what stands for what was taken out. Pure. */
import { placeholdersOf } from '../core/gatekeeper/detect/kinds';

/** A stretch of text; `redacted` is the kind of what stood there (`email`, `aws-key` …), null for text as it was. */
export type RedactedPiece = { readonly text: string; readonly redacted: string | null };

/** The text in pieces, nothing left out: the pieces' texts together are the text again. */
export function redactedPieces(text: string): RedactedPiece[] {
  const pieces: RedactedPiece[] = [];
  let from = 0;
  for (const { kind, start, end } of placeholdersOf(text)) {
    if (start > from) pieces.push({ text: text.slice(from, start), redacted: null });
    pieces.push({ text: text.slice(start, end), redacted: kind });
    from = end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), redacted: null });
  return pieces;
}
