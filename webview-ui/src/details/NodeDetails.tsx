import type { RunEvent } from '../../../src/protocol/events';
import { Fact } from './KeyValue';

/** What a node is for; or how its visit ended, where the run went from there, and why. */
export function NodeDetails({ event }: { event: RunEvent<'node.started' | 'node.finished'> }) {
  return (
    <dl className="facts">
      <Fact name="Node">{event.node ?? 'unknown'}</Fact>
      <Fact name="Attempt">{event.attempt ?? 1}</Fact>
      {event.type === 'node.started' ? (
        <>
          <Fact name="Kind">
            {event.data.kind === 'agent' ? 'agent: the model works, within bounds' : 'deterministic: no model'}
          </Fact>
          <Fact name="Does">{event.data.does}</Fact>
        </>
      ) : (
        <>
          <Fact name="Outcome">{event.data.outcome}</Fact>
          <Fact name="Reason">{event.data.reason}</Fact>
          <Fact name="Next">{event.data.next}</Fact>
          <Fact name="Why there">{event.data.why}</Fact>
        </>
      )}
    </dl>
  );
}
