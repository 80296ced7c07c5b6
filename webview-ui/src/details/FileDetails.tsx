import { useEffect } from 'react';
import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes } from '../../../src/protocol/format';
import { ChangeView } from '../approval/ChangeView';
import { Button, Progress } from '../controls';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import { useChanging } from './Changing';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { firstOf } from './story';
import { TextBlock } from './TextBlock';

type Version = RunEvent<'file.changed'>['data']['before'];

/** A change of a file: its lines, ways to see it in the editor, and the call that made it. */
export function FileDetails({
  event: { seq, data },
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
          <code>
            <Visible text={data.path} />
          </code>
        </Fact>
        <Fact name="Before">
          <FileVersion version={data.before} absent="did not exist" />
        </Fact>
        <Fact name="After">
          <FileVersion version={data.after} absent="deleted" />
        </Fact>
        <Fact name="How">{data.how}</Fact>
      </dl>
      <DiffButtons seq={seq} path={data.path} />
      <Lines seq={seq} />
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

function DiffButtons({ seq, path }: { seq: number; path: string }) {
  const { openDiff, noNow } = useChanging();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what can be filled in.
    <div className="diff-buttons" role="group" aria-label="In the editor">
      <Button
        icon="diff"
        title={`The file before and after event ${seq}`}
        onClick={() => openDiff(seq, path, 'before')}
      >
        Open Diff
      </Button>
      <Button
        title={`The file at the start of the run and after event ${seq}`}
        onClick={() => openDiff(seq, path, 'base')}
      >
        Open Diff Against Start
      </Button>
      <Button
        disabled={noNow !== null}
        title={noNow ?? `The file after event ${seq} and as it is in the folder now`}
        onClick={() => openDiff(seq, path, 'now')}
      >
        Open Diff Against Now
      </Button>
    </div>
  );
}

/** The lines that the change is made of, once the host has told them. */
function Lines({ seq }: { seq: number }) {
  const { changes, askChange } = useChanging();
  const told = changes.get(seq);
  const known = told !== undefined;
  useEffect(() => {
    if (!known) askChange(seq);
  }, [seq, known, askChange]);
  if (told === undefined) return <Progress label="Comparing the lines…" />;
  if (told.ok) return <ChangeView change={told.change} named={false} />;
  return (
    <p role="note" className="told-why">
      <ToneIcon name="warning" tone="warn" />
      <span>{`The lines cannot be shown: ${told.problem}.`}</span>
    </p>
  );
}
