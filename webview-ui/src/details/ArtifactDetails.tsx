import type { RunEvent } from '../../../src/protocol/events';
import { type Report, readReport } from '../../../src/protocol/report';
import { Fact } from './KeyValue';
import { ReportView } from './ReportView';
import { TextBlock } from './TextBlock';

/** What a node made: a report, a diff, a commit, the context. */
export function ArtifactDetails({ event }: { event: RunEvent<'artifact.created'> }) {
  const { data } = event;
  const report = reportOf(event);
  return (
    <>
      <dl className="facts">
        <Fact name="Name">{data.name}</Fact>
        <Fact name="Kind">{`${data.kind} (${data.media})`}</Fact>
        {data.summary === '' ? null : <Fact name="Summary">{data.summary}</Fact>}
      </dl>
      {report === null ? <TextBlock label="Content" text={data.content} /> : <ReportView report={report} />}
    </>
  );
}

/** The report of a linter or of tests that an artifact is; null when it is something else, or was not loaded whole. */
export function reportOf({ data: { kind, content } }: RunEvent<'artifact.created'>): Report | null {
  return kind === 'report' && typeof content === 'string' ? readReport(content) : null;
}
