import type { Message, RunEvent } from '../../../src/protocol/events';
import { formatBytes, formatCost, formatDuration, formatNumber } from '../../../src/protocol/format';
import { carriedIn, redactedIn } from './EgressDetails';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { firstOf } from './story';
import { TextBlock } from './TextBlock';

type ModelEvent = RunEvent<'model.requested' | 'model.responded' | 'model.failed'>;

/** A turn of the model: what was sent anew, and what came back. The answer stands first when it was selected. */
export function ModelDetails({ event, story }: { event: ModelEvent; story: readonly RunEvent[] }) {
  const request = firstOf([event, ...story], 'model.requested');
  const reply = firstOf([event, ...story], 'model.responded');
  const failure = firstOf([event, ...story], 'model.failed');
  const sent = firstOf(story, 'egress.sent');
  const asked = request === undefined ? null : <Request event={request} sent={sent} />;
  return (
    <>
      {event.type === 'model.requested' ? asked : null}
      {reply === undefined ? null : <Reply event={reply} />}
      {failure === undefined ? null : <Failure event={failure} />}
      {event.type === 'model.requested' ? null : asked}
    </>
  );
}

type RequestProps = { event: RunEvent<'model.requested'>; sent: RunEvent<'egress.sent'> | undefined };

/** The messages as they were sent, with what stands for what was redacted. */
function Request({ event: { data }, sent }: RequestProps) {
  return (
    <section>
      <h4>Request</h4>
      <dl className="facts">
        <Fact name="Model">{`${data.model} (${data.provider})`}</Fact>
        <Fact name="Turn">{`${data.turn}${data.retry === 0 ? '' : `, retry ${data.retry} after ${formatDuration(data.delayMs)}`}`}</Fact>
        {sent === undefined ? null : (
          <>
            <Fact name="Sent to">{`${sent.data.destination}, ${formatBytes(sent.data.bytes)}`}</Fact>
            <Fact name="Sent before">{carriedIn(sent.data)}</Fact>
            <Fact name="Redacted">{redactedIn(sent.data)}</Fact>
          </>
        )}
        <Fact name="Tools">{data.tools.length === 0 ? 'none' : data.tools.join(', ')}</Fact>
        <Fact name="Conversation">
          <Hash value={data.conversation.hash} />
        </Fact>
      </dl>
      <h5>{`New messages (${data.conversation.added.length})`}</h5>
      {data.conversation.added.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded list never changes its order.
        <Said key={index} message={message} />
      ))}
    </section>
  );
}

function Said({ message }: { message: Message }) {
  const label = message.role === 'tool' ? `Tool result (${message.call})` : `${SPEAKERS[message.role]} message`;
  const calls = message.role === 'assistant' ? message.toolCalls : [];
  return (
    <>
      <TextBlock label={label} text={message.content} />
      <ToolCalls calls={calls} />
    </>
  );
}

type Calls = RunEvent<'model.responded'>['data']['toolCalls'];

function ToolCalls({ calls }: { calls: Calls }) {
  return calls.map((call) => <TextBlock key={call.id} label={`Tool call ${call.name}`} text={call.arguments} />);
}

const SPEAKERS = { system: 'System', user: 'User', assistant: 'Assistant' } as const;

const STOPS = {
  end: 'the model had finished',
  tools: 'the model waits for its tool calls',
  length: 'the length limit was reached',
  refusal: 'the model refused',
  filter: "the provider's filter stopped it",
} as const;

function Reply({ event: { data } }: { event: RunEvent<'model.responded'> }) {
  const { usage } = data;
  return (
    <section>
      <h4>Reply</h4>
      {data.text === '' ? null : <TextBlock label="Text" text={data.text} />}
      {data.kept === undefined ? null : <TextBlock label="What the provider wants back" text={data.kept} />}
      <ToolCalls calls={data.toolCalls} />
      <dl className="facts">
        <Fact name="Tokens">
          {`${formatNumber(usage.input)} in (${formatNumber(usage.cached)} cached), ${formatNumber(usage.output)} out${usage.estimated ? ', estimated' : ''}`}
        </Fact>
        <Fact name="Cost">{formatCost(data.costUsd)}</Fact>
        <Fact name="Time">
          {`${formatDuration(data.ms)}${data.firstTokenMs === null ? '' : `, first token after ${formatDuration(data.firstTokenMs)}`}`}
        </Fact>
        <Fact name="Ended because">{STOPS[data.stop]}</Fact>
      </dl>
    </section>
  );
}

function Failure({ event: { data } }: { event: RunEvent<'model.failed'> }) {
  return (
    <section>
      <h4>Failure</h4>
      <dl className="facts">
        <Fact name="What">{data.message}</Fact>
        <Fact name="Code">
          <code>{data.code}</code>
        </Fact>
        <Fact name="Can be retried">{data.retryable ? 'yes' : 'no'}</Fact>
        {data.retryAfterMs === undefined ? null : (
          <Fact name="The server asks to wait">{formatDuration(data.retryAfterMs)}</Fact>
        )}
        <Fact name="Time">{formatDuration(data.ms)}</Fact>
      </dl>
    </section>
  );
}
