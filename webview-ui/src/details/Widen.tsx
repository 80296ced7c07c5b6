/** The way from a refusal to wider zones, where the run goes on in this window. */
import { createContext, useContext } from 'react';
import { Button } from '../controls';

/** Asks for wider zones after the decision at `seq`; null where that cannot be done. */
const Context = createContext<((seq: number) => void) | null>(null);

/** Gives the details below it the way to wider zones. */
export const Widening = Context.Provider;

export function Widen({ seq }: { seq: number }) {
  const onWiden = useContext(Context);
  if (onWiden === null) return null;
  return (
    <div className="widen">
      <Button
        icon="unlock"
        title="You are asked which zones, and to confirm them; the run has them from its next step on"
        onClick={() => onWiden(seq)}
      >
        Widen Zones…
      </Button>
    </div>
  );
}
