import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes, formatCount } from '../../../src/protocol/format';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { Table } from './Table';

const COLUMNS = [{ name: 'Result of' }, { name: 'Was', numeric: true }, { name: 'Is', numeric: true }];

/** Which old results were shortened before the next request, and what that makes of the conversation. */
export function ShortenedDetails({ event: { data } }: { event: RunEvent<'conversation.shortened'> }) {
  return (
    <>
      <dl className="facts">
        <Fact name="Why">The next request would not have fitted into what the model takes in one.</Fact>
        <Fact name="Conversation">{`${formatBytes(data.after)}, was ${formatBytes(data.before)}`}</Fact>
        <Fact name="From here on">
          <Hash value={data.hash} />
        </Fact>
        <Fact name="The record">
          It holds the results as they were. The model reads the beginning of each, and can make the call again.
        </Fact>
      </dl>
      <Table
        caption={formatCount(data.calls.length, 'result')}
        columns={COLUMNS}
        rows={data.calls.map(({ call, before, after }) => ({
          key: call,
          cells: [<code key="call">{call}</code>, formatBytes(before), formatBytes(after)],
        }))}
      />
    </>
  );
}
