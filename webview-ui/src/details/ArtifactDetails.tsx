import type { RunEvent } from '../../../src/protocol/events';
import { Fact } from './KeyValue';
import { TextBlock } from './TextBlock';

/** What a node made: a report, a diff, a commit, the context. */
export function ArtifactDetails({ event: { data } }: { event: RunEvent<'artifact.created'> }) {
  return (
    <>
      <dl className="facts">
        <Fact name="Name">{data.name}</Fact>
        <Fact name="Kind">{`${data.kind} (${data.media})`}</Fact>
        {data.summary === '' ? null : <Fact name="Summary">{data.summary}</Fact>}
      </dl>
      <TextBlock label="Content" text={data.content} />
    </>
  );
}
