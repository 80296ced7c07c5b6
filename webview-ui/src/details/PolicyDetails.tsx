import type { RunEvent } from '../../../src/protocol/events';
import { ruleOrigin } from '../../../src/protocol/policy';
import { ToneIcon } from '../icons';
import { Explain } from './Explain';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { firstOf } from './story';
import { TextBlock } from './TextBlock';
import { Widen } from './Widen';

/** A decision of the policy: what was decided on which call, by which rule of which snapshot, and why. */
export function PolicyDetails({ event, story }: { event: RunEvent<'policy.decided'>; story: readonly RunEvent[] }) {
  const request = firstOf(story, 'tool.requested');
  return (
    <>
      <Decision event={event} />
      {request === undefined ? null : <TextBlock label={`Input of ${event.data.tool}`} text={request.data.input} />}
    </>
  );
}

const DECISIONS = {
  allow: { word: 'Allowed', icon: 'pass', tone: 'good' },
  ask: { word: 'Asks a person', icon: 'person', tone: 'warn' },
  deny: { word: 'Denied', icon: 'circle-slash', tone: 'bad' },
} as const;

export function Decision({ event: { seq, data } }: { event: RunEvent<'policy.decided'> }) {
  const { word, icon, tone } = DECISIONS[data.decision];
  return (
    <>
      <dl className="facts">
        <Fact name="Decision">
          <ToneIcon name={icon} tone={tone} />
          {word}
        </Fact>
        <Fact name="Rule">
          <code>{data.rule}</code>
        </Fact>
        <Fact name="Origin">{`This rule comes from ${ruleOrigin(data.layer)}.`}</Fact>
        <Fact name="Reason">{data.reason}</Fact>
        <Fact name="Tool">{`${data.tool}, capability ${data.capability}`}</Fact>
        <Fact name="Policy snapshot">
          <Hash value={data.snapshot} />
        </Fact>
      </dl>
      {data.layer === 'gatekeeper' && data.rule === 'zones' ? <Widen seq={seq} /> : null}
      <Explain seq={seq} />
    </>
  );
}
