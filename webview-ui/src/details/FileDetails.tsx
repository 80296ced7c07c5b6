import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes } from '../../../src/protocol/format';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { firstOf } from './story';
import { TextBlock } from './TextBlock';

type Version = RunEvent<'file.changed'>['data']['before'];

/** A file before and after, by size and hash, and the call that changed it. */
export function FileDetails({
  event: { data },
  story,
}: {
  event: RunEvent<'file.changed'>;
  story: readonly RunEvent[];
}) {
  const request = firstOf(story, 'tool.requested');
  return (
    <>
      <dl className="facts">
        <Fact name="File">
          <code>{data.path}</code>
        </Fact>
        <Fact name="Before">
          <FileVersion version={data.before} absent="did not exist" />
        </Fact>
        <Fact name="After">
          <FileVersion version={data.after} absent="deleted" />
        </Fact>
        <Fact name="How">{data.how}</Fact>
      </dl>
      {request === undefined ? null : <TextBlock label={`Input of ${request.data.tool}`} text={request.data.input} />}
    </>
  );
}

function FileVersion({ version, absent }: { version: Version; absent: string }) {
  if (version === null) return <>{absent}</>;
  return (
    <>
      {`${formatBytes(version.bytes)} `}
      <Hash value={version.sha256} />
    </>
  );
}
