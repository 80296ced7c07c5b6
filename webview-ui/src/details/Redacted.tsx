/** Recorded text with the places marked where something was redacted before it was recorded and sent. */
import { useMemo } from 'react';
import { redactedPieces } from '../../../src/protocol/redacted';

export function Redacted({ text }: { text: string }) {
  const pieces = useMemo(() => redactedPieces(text), [text]);
  return pieces.map((piece, index) =>
    piece.redacted === null ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change their order.
      <mark key={index} className="redacted" title={`Redacted: ${piece.redacted}. What stood here was not sent.`}>
        {piece.text}
      </mark>
    ),
  );
}
