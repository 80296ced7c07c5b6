import { Fragment } from 'react';
import type { RunEvent } from '../../../src/protocol/events';
import { formatDuration } from '../../../src/protocol/format';
import { ToneIcon } from '../icons';
import { Answer } from './ApprovalDetails';
import { Confinement } from './Confinement';
import { Effects } from './Effects';
import { effectSign } from './effectSign';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { Decision } from './PolicyDetails';
import { allOf, firstOf } from './story';
import { TextBlock } from './TextBlock';

/** A tool call from end to end: at the top how it was decided, answered and ended, then each part of it in full. */
export function ToolDetails({ call, tool, story }: { call: string; tool: string; story: readonly RunEvent[] }) {
  const request = firstOf(story, 'tool.requested');
  const decision = firstOf(story, 'policy.decided');
  const result = firstOf(story, 'tool.finished');
  return (
    <>
      <dl className="facts">
        <Fact name="Call">
          <code>{call}</code>
          {request === undefined ? '' : ` by ${request.data.origin === 'agent' ? 'the model' : 'the blueprint'}`}
        </Fact>
        {decision === undefined ? null : <Decided event={decision} />}
        <Approvals story={story} />
        {result === undefined ? null : <Outcome event={result} />}
      </dl>
      {request === undefined ? null : <TextBlock label={`Input of ${tool}`} text={request.data.input} />}
      {result === undefined ? null : <TextBlock label="Output" text={result.data.output} />}
      <Effects story={story} />
      {decision === undefined ? null : (
        <section>
          <h4>Policy</h4>
          <Decision event={decision} />
        </section>
      )}
    </>
  );
}

function Decided({ event: { data } }: { event: RunEvent<'policy.decided'> }) {
  const { word, icon, tone } = effectSign(data.decision);
  return (
    <Fact name="Decision">
      <ToneIcon name={icon} tone={tone} />
      {`${word}, by the rule `}
      <code>{data.rule}</code>
    </Fact>
  );
}

/** What a person was asked about the call, and what they said. */
function Approvals({ story }: { story: readonly RunEvent[] }) {
  const answers = allOf(story, 'approval.resolved');
  return allOf(story, 'approval.requested').map((request) => (
    <Fragment key={request.seq}>
      <Fact name="Asked">{request.data.title}</Fact>
      <Answer request={request} answer={answers.find(({ data }) => data.approval === request.data.approval)} />
    </Fragment>
  ));
}

function Outcome({ event: { data } }: { event: RunEvent<'tool.finished'> }) {
  return (
    <>
      <Fact name="Outcome">{`${data.outcome}${data.exitCode === null ? '' : `, exit code ${data.exitCode}`}`}</Fact>
      <Fact name="Time">{formatDuration(data.ms)}</Fact>
      <Fact name="Confinement">
        <Confinement words={data.confinement} />
      </Fact>
      {data.tree === null ? null : (
        <Fact name="Tree after">
          <Hash value={data.tree} />
        </Fact>
      )}
    </>
  );
}
