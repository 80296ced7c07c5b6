import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes, formatCount, formatNumber } from '../../../src/protocol/format';
import { Visible } from '../Visible';
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
        <Fact name="Sent before">{carriedIn(data)}</Fact>
      </dl>
      <Table
        caption="New in this request"
        columns={[
          { name: 'Source' },
          { name: 'Files' },
          { name: 'Size', numeric: true },
          { name: 'Redacted' },
          { name: 'SHA-256' },
        ]}
        rows={data.parts.map((part, index) => ({
          key: `${index}:${part.sha256}`,
          cells: [
            part.source,
            <Files key="files" files={part.files ?? []} />,
            formatBytes(part.bytes),
            redactionsOf(part.redactions),
            <Hash key="hash" value={part.sha256} />,
          ],
        }))}
      />
    </>
  );
}

/** What of the repository a part shows: each file with the lines of it, where they are known. */
function Files({ files }: { files: readonly EgressFile[] }) {
  if (files.length === 0) return <span className="quiet">none known</span>;
  return (
    <ul className="globs">
      {files.map(({ path, lines }) => (
        <li key={`${path}:${lines?.[0] ?? ''}`}>
          <code>
            <Visible text={path} />
          </code>
          {lines === null ? '' : ` ${lines[0]}–${lines[1]}`}
        </li>
      ))}
    </ul>
  );
}

type EgressFile = NonNullable<RunEvent<'egress.sent'>['data']['parts'][number]['files']>[number];

type Sent = RunEvent<'egress.sent'>['data'];

/** What of earlier turns went out again, in words. */
export const carriedIn = ({ carried: { parts, bytes } }: Sent): string =>
  parts === 0 ? 'nothing' : `${formatCount(parts, 'part')} of earlier turns again, ${formatBytes(bytes)}`;

/** What was redacted out of all that was new in a request, by kind, in words. */
export function redactedIn({ parts }: Sent): string {
  const all: Record<string, number> = {};
  for (const { redactions } of parts)
    for (const [kind, times] of Object.entries(redactions)) all[kind] = (all[kind] ?? 0) + times;
  return redactionsOf(all);
}

function redactionsOf(redactions: Readonly<Record<string, number>>): string {
  const found = Object.entries(redactions).filter(([, times]) => times > 0);
  return found.length === 0 ? 'nothing' : found.map(([kind, times]) => `${formatNumber(times)} × ${kind}`).join(', ');
}
