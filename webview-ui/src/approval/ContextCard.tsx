/** What of the repository is about to be sent: each file with its ranges, size and reason, and a tick to keep it. */
import { useId, useState } from 'react';
import type { PendingApproval } from '../../../src/protocol/approval';
import {
  type AskedFile,
  askedFiles,
  type ContextQuestion,
  remaining,
  STOP_LABEL,
  sendLabel,
} from '../../../src/protocol/contextQuestion';
import { formatBytes, formatCount } from '../../../src/protocol/format';
import { Button, Checkbox } from '../controls';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import type { Resolve } from './ApprovalCard';

type ContextCardProps = {
  pending: PendingApproval;
  context: ContextQuestion;
  readOnly: boolean;
  answered: boolean;
  onResolve: Resolve;
};

export function ContextCard({ pending: { approval }, context, readOnly, answered, onResolve }: ContextCardProps) {
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const titleId = useId();
  const files = askedFiles(context);
  const left = remaining(files, leftOut);
  const keep = (path: string, kept: boolean): void => {
    const next = new Set(leftOut);
    if (kept) next.delete(path);
    else next.add(path);
    setLeftOut(next);
  };
  const send = (): void =>
    onResolve(approval, {
      verdict: 'approved',
      reason: '',
      ...(leftOut.size === 0 ? {} : { leftOut: [...leftOut] }),
    });
  return (
    <section className="approval" aria-labelledby={titleId}>
      <h2 id={titleId}>
        <ToneIcon name="cloud-upload" tone="warn" />
        <span>
          {`${formatCount(files.length, 'file')} of the repository would be sent to `}
          <Visible text={context.destination} />
        </span>
      </h2>
      <p className="quiet">
        Untick what is not to be sent. What you leave out stays out of this run until it ends, and that is recorded.
      </p>
      <ul className="context-files" aria-label="Files that would be sent">
        {files.map((file) => (
          <li key={file.path}>
            {readOnly ? (
              <Name file={file} />
            ) : (
              <Checkbox checked={!leftOut.has(file.path)} onChange={(kept) => keep(file.path, kept)}>
                <Name file={file} />
              </Checkbox>
            )}
          </li>
        ))}
      </ul>
      {readOnly ? (
        <p>Answer it in the window that runs this run.</p>
      ) : (
        <div className="context-foot">
          <div className="context-total">
            <p role="status">{totalOf(files, left)}</p>
            <AllOrNone
              all={leftOut.size === 0}
              onAll={(all) => setLeftOut(new Set(all ? [] : files.map(({ path }) => path)))}
            />
          </div>
          <div className="approval-buttons">
            <Button
              primary
              icon="send"
              disabled={answered || (left.files === 0 && files.length > 0)}
              title={left.files === 0 ? 'Keep at least one file, or stop the run' : ''}
              onClick={send}
            >
              {sendLabel(left.files)}
            </Button>
            <Button
              icon="debug-stop"
              disabled={answered}
              title="The run ends here; nothing of the repository leaves this machine"
              onClick={() => onResolve(approval, { verdict: 'rejected', reason: '' })}
            >
              {STOP_LABEL}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}

function Name({ file: { path, lines, bytes, why } }: { file: AskedFile }) {
  return (
    <span className="context-file">
      <code>
        <Visible text={path} />
      </code>
      <span className="quiet">{`${lines} · ${formatBytes(bytes)}`}</span>
      {why === '' ? null : (
        <span className="quiet context-why">
          <Visible text={why} />
        </span>
      )}
    </span>
  );
}

function totalOf(files: readonly AskedFile[], left: { files: number; bytes: number }): string {
  if (left.files === 0) return 'No file would be sent.';
  const of = left.files === files.length ? formatCount(files.length, 'file') : `${left.files} of ${files.length} files`;
  return `${of}, ${formatBytes(left.bytes)}, would be sent.`;
}

function AllOrNone({ all, onAll }: { all: boolean; onAll: (all: boolean) => void }) {
  return (
    <button type="button" className="link" onClick={() => onAll(!all)}>
      {all ? 'Untick all' : 'Tick all'}
    </button>
  );
}
