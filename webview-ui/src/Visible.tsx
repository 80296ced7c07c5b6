/** Text out of other hands, with every character that would not be seen as what it is shown by its number. */
import { useMemo } from 'react';
import { piecesOf } from '../../src/protocol/visible';

/** `layout`: line feeds and tabs are drawn as such, for they stand in a block that keeps them. */
export function Visible({ text, layout = false }: { text: string; layout?: boolean }) {
  const pieces = useMemo(() => piecesOf(text, layout), [text, layout]);
  return pieces.map((piece, index) =>
    piece.code === null ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change their order.
      <span key={index} className="hidden-character" title={piece.code}>
        {piece.code.split(' ', 1)[0]}
      </span>
    ),
  );
}
