import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes, formatCount, formatNumber } from '../../../src/protocol/format';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { Table } from './Table';

/** What left for a model: to whom, which parts, how large, what was redacted. */
export function EgressDetails({ event: { data } }: { event: RunEvent<'egress.sent'> }) {
  return (
    <>
      <dl className="facts">
        <Fact name="To">{`${data.destination} (${data.provider}, ${data.model})`}</Fact>
        <Fact name="Sent">{formatBytes(data.bytes)}</Fact>
        <Fact name="Sent before">
          {data.carried.parts === 0
            ? 'nothing'
            : `${formatCount(data.carried.parts, 'part')} of earlier turns again, ${formatBytes(data.carried.bytes)}`}
        </Fact>
      </dl>
      <Table
        caption="New in this request"
        columns={[{ name: 'Source' }, { name: 'Size', numeric: true }, { name: 'Redacted' }, { name: 'SHA-256' }]}
        rows={data.parts.map((part, index) => ({
          key: `${index}:${part.sha256}`,
          cells: [
            part.source,
            formatBytes(part.bytes),
            redactionsOf(part.redactions),
            <Hash key="hash" value={part.sha256} />,
          ],
        }))}
      />
    </>
  );
}

function redactionsOf(redactions: Readonly<Record<string, number>>): string {
  const found = Object.entries(redactions).filter(([, times]) => times > 0);
  return found.length === 0 ? 'nothing' : found.map(([kind, times]) => `${formatNumber(times)} × ${kind}`).join(', ');
}
