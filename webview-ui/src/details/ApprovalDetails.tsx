import type { RunEvent } from '../../../src/protocol/events';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { Decision } from './PolicyDetails';
import { allOf, firstOf } from './story';
import { TextBlock } from './TextBlock';

const SCOPES = { once: '', run: ' for every call in this run that is the same word for word,' } as const;

type AnswerProps = {
  request: RunEvent<'approval.requested'> | undefined;
  answer: RunEvent<'approval.resolved'> | undefined;
};

/** What the person said, as facts; use inside `<dl className="facts">`. */
export function Answer({ request, answer }: AnswerProps) {
  if (answer === undefined) return <Fact name="Answer">none yet</Fact>;
  const { verdict, scope, edited, by, reason } = answer.data;
  return (
    <>
      <Fact name="Answer">
        {verdict === 'approved' ? <ToneIcon name="pass" tone="good" /> : <ToneIcon name="circle-slash" tone="bad" />}
        {`${verdict}${SCOPES[scope ?? 'once']}${edited === undefined ? '' : ', with a change,'} by ${by}`}
      </Fact>
      <Fact name={request?.data.question === true ? 'Told to the model' : 'Reason'}>
        {reason === '' ? <span className="quiet">none given</span> : reason}
      </Fact>
    </>
  );
}

/** A question to a person and the answer, bound to exactly what was shown. */
export function ApprovalDetails({ approval, story }: { approval: string; story: readonly RunEvent[] }) {
  const request = allOf(story, 'approval.requested').find((event) => event.data.approval === approval);
  const answer = allOf(story, 'approval.resolved').find((event) => event.data.approval === approval);
  const decision = firstOf(story, 'policy.decided');
  return (
    <>
      <dl className="facts">
        <Answer request={request} answer={answer} />
        {answer?.data.leftOut === undefined ? null : (
          <Fact name="Left out">
            <ul className="globs">
              {answer.data.leftOut.map((path) => (
                <li key={path}>
                  <code>
                    <Visible text={path} />
                  </code>
                </li>
              ))}
            </ul>
          </Fact>
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
      {decision === undefined ? null : (
        <section>
          <h4>Policy</h4>
          <Decision event={decision} />
        </section>
      )}
    </>
  );
}
