import type { RunEvent } from '../../../src/protocol/events';
import { formatCount, formatDuration } from '../../../src/protocol/format';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { Decision } from './PolicyDetails';
import { allOf, firstOf } from './story';
import { TextBlock } from './TextBlock';

/** A tool call from end to end: what was asked, what was decided, what it did. */
export function ToolDetails({ call, tool, story }: { call: string; tool: string; story: readonly RunEvent[] }) {
  const request = firstOf(story, 'tool.requested');
  const decision = firstOf(story, 'policy.decided');
  const result = firstOf(story, 'tool.finished');
  const changed = allOf(story, 'file.changed');
  return (
    <>
      <dl className="facts">
        <Fact name="Call">
          <code>{call}</code>
          {request === undefined ? '' : ` by ${request.data.origin === 'agent' ? 'the model' : 'the blueprint'}`}
        </Fact>
        {result === undefined ? null : <Outcome event={result} />}
        {changed.length === 0 ? null : (
          <Fact name="Changed">{`${formatCount(changed.length, 'file')}: ${changed.map((file) => file.data.path).join(', ')}`}</Fact>
        )}
      </dl>
      {request === undefined ? null : <TextBlock label={`Input of ${tool}`} text={request.data.input} />}
      {result === undefined ? null : <TextBlock label="Output" text={result.data.output} />}
      {decision === undefined ? null : (
        <section>
          <h4>Policy</h4>
          <Decision event={decision} />
        </section>
      )}
    </>
  );
}

function Outcome({ event: { data } }: { event: RunEvent<'tool.finished'> }) {
  return (
    <>
      <Fact name="Outcome">{`${data.outcome}${data.exitCode === null ? '' : `, exit code ${data.exitCode}`}`}</Fact>
      <Fact name="Time">{formatDuration(data.ms)}</Fact>
      <Fact name="Held in bounds">{data.confinement}</Fact>
      {data.tree === null ? null : (
        <Fact name="Tree after">
          <Hash value={data.tree} />
        </Fact>
      )}
    </>
  );
}
