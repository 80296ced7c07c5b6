import type { RunEvent } from '../../../src/protocol/events';
import { ToneIcon } from '../icons';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { allOf } from './story';
import { TextBlock } from './TextBlock';

/** A question to a person and the answer, bound to exactly what was shown. */
export function ApprovalDetails({ approval, story }: { approval: string; story: readonly RunEvent[] }) {
  const request = allOf(story, 'approval.requested').find((event) => event.data.approval === approval);
  const answer = allOf(story, 'approval.resolved').find((event) => event.data.approval === approval);
  return (
    <>
      <dl className="facts">
        {answer === undefined ? (
          <Fact name="Answer">none yet</Fact>
        ) : (
          <>
            <Fact name="Answer">
              {answer.data.verdict === 'approved' ? (
                <ToneIcon name="pass" tone="good" />
              ) : (
                <ToneIcon name="circle-slash" tone="bad" />
              )}
              {`${answer.data.verdict}${answer.data.edited === undefined ? '' : ', with a change,'} by ${answer.data.by}`}
            </Fact>
            <Fact name="Reason">
              {answer.data.reason === '' ? <span className="quiet">none given</span> : answer.data.reason}
            </Fact>
          </>
        )}
        {request === undefined ? null : (
          <>
            <Fact name="Asked">{request.data.title}</Fact>
            <Fact name="Policy snapshot">
              <Hash value={request.data.snapshot} />
            </Fact>
          </>
        )}
      </dl>
      {request === undefined ? null : <TextBlock label="What the answer is bound to" text={request.data.detail} />}
      {answer?.data.edited === undefined ? null : (
        <TextBlock label="What the person wants instead" text={answer.data.edited} />
      )}
    </>
  );
}
