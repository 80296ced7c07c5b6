/** Where a replay first did otherwise: what was recorded and what the replay made, one beside the other. */
import type { Check } from '../../../src/protocol/check';
import { Button } from '../controls';
import { EventJump } from './EventJump';

type Divergence = NonNullable<Extract<Check, { state: 'ended' }>['divergence']>;

type DivergenceViewProps = {
  divergence: Divergence;
  events: number;
  onSelect: (seq: number) => void;
  onOpenDiff: () => void;
};

export function DivergenceView({ divergence, events, onSelect, onOpenDiff }: DivergenceViewProps) {
  const { seq, path, recorded, replayed } = divergence;
  return (
    <>
      <p className="check-place">
        <EventJump seq={seq} events={events} onSelect={onSelect} />
        {path === '' ? 'the whole event differs' : <code>{path}</code>}
      </p>
      <div className="check-sides">
        <Side name="Recorded" text={recorded} />
        <Side name="Replayed" text={replayed} />
      </div>
      <div className="check-actions">
        <Button icon="diff" onClick={onOpenDiff}>
          Open in Diff Editor
        </Button>
      </div>
    </>
  );
}

function Side({ name, text }: { name: string; text: string }) {
  return (
    <figure className="check-side">
      <figcaption>{name}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
