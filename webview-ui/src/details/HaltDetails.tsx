import type { RunEvent } from '../../../src/protocol/events';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { firstOf } from './story';
import { TextBlock } from './TextBlock';

type HaltProps = { event: RunEvent<'run.interrupted' | 'run.resumed'>; story: readonly RunEvent[] };

/** A run that stopped before its end, or goes on; and the effect that was under way, of which nobody knows how far it came. */
export function HaltDetails({ event, story }: HaltProps) {
  const request = firstOf(story, 'tool.requested');
  return (
    <>
      <dl className="facts">
        {event.type === 'run.interrupted' ? (
          <>
            <Fact name="Reason">{event.data.reason}</Fact>
            <Fact name="In doubt">
              {event.data.inDoubt === null
                ? 'nothing: every effect has its outcome'
                : calledOf(event.data.inDoubt, request)}
            </Fact>
          </>
        ) : (
          <Resumed event={event} request={request} />
        )}
      </dl>
      {request === undefined ? null : <TextBlock label={`Input of ${request.data.tool}`} text={request.data.input} />}
    </>
  );
}

type Request = RunEvent<'tool.requested'> | undefined;

const calledOf = (call: string, request: Request): string =>
  `${request?.data.tool ?? 'the call'} (${call}): begun, and without an outcome`;

function Resumed({ event: { data }, request }: { event: RunEvent<'run.resumed'>; request: Request }) {
  const { inDoubt } = data;
  return (
    <>
      <Fact name="Resumed by">{data.by}</Fact>
      <Fact name="In doubt">
        {inDoubt === null
          ? 'nothing: every effect had its outcome'
          : inDoubt.kind === 'call'
            ? calledOf(inDoubt.id, request)
            : `the model request ${inDoubt.id}: sent, and without an answer`}
      </Fact>
      {inDoubt === null ? null : (
        <Fact name="Decision">{inDoubt.decision === 'repeat' ? 'done again' : 'given up, counts as failed'}</Fact>
      )}
      <Fact name="Copy set back to">
        <Hash value={data.tree} />
      </Fact>
      <Fact name="OpenExec">{data.openexec}</Fact>
    </>
  );
}
