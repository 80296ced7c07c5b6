/** What a call did: the files that it changed, each with a way to its event and to its diff, and what it reported. */
import type { RunEvent } from '../../../src/protocol/events';
import { formatCount } from '../../../src/protocol/format';
import { IconButton } from '../controls';
import { changeSign } from '../moment/changeSign';
import { Sign } from '../moment/Sign';
import { Visible } from '../Visible';
import { reportOf } from './ArtifactDetails';
import { useChanging } from './Changing';
import { ReportView } from './ReportView';
import { allOf } from './story';

export function Effects({ story }: { story: readonly RunEvent[] }) {
  const changed = allOf(story, 'file.changed');
  const reports = allOf(story, 'artifact.created').flatMap((event) => {
    const report = reportOf(event);
    return report === null ? [] : [{ seq: event.seq, report }];
  });
  if (changed.length === 0 && reports.length === 0) return null;
  return (
    <section>
      <h4>Effect</h4>
      {changed.length === 0 ? null : <Changed events={changed} />}
      {reports.map(({ seq, report }) => (
        <ReportView key={seq} report={report} />
      ))}
    </section>
  );
}

function Changed({ events }: { events: readonly RunEvent<'file.changed'>[] }) {
  const { openDiff, select } = useChanging();
  return (
    <>
      <p>{`${formatCount(events.length, 'file')} changed`}</p>
      <ul className="changed-files">
        {events.map(({ seq, data }) => (
          <li key={seq}>
            <Sign sign={changeSign(data)} />
            <button type="button" className="link" title={`Show event ${seq}`} onClick={() => select(seq)}>
              <Visible text={data.path} />
            </button>
            <IconButton
              label={`Open Diff of ${data.path}`}
              icon="diff"
              onClick={() => openDiff(seq, data.path, 'before')}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
