/** The compared runs: what each was asked, with which model and policy, and how it stands. */
import type { ComparedMessage, RunMetrics } from '../../../src/protocol/compare';
import { ToneIcon } from '../icons';
import { beginningsText, STATUS_LOOKS } from './words';

type RunListProps = {
  metrics: readonly RunMetrics[];
  beginnings: ComparedMessage['beginnings'];
  onOpen: (runId: string, seq: number | null) => void;
};

export function RunList({ metrics, beginnings, onOpen }: RunListProps) {
  const note = beginningsText(beginnings);
  return (
    <section aria-label="Runs" className="compare-runs">
      <ol>
        {metrics.map((run, at) => (
          <Run key={run.run} run={run} name={`Run ${at + 1}`} onOpen={() => onOpen(run.run, null)} />
        ))}
      </ol>
      {note === null ? null : (
        <p className="compare-note">
          <ToneIcon name="info" tone="active" />
          {note}
        </p>
      )}
    </section>
  );
}

function Run({ run, name, onOpen }: { run: RunMetrics; name: string; onOpen: () => void }) {
  const { icon, tone, word } = STATUS_LOOKS[run.status];
  const facts = [
    ['Model', run.model],
    ['Policy', run.policy],
    ['Blueprint', run.blueprint],
    ['Started', `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`],
  ];
  return (
    <li>
      <p className="compare-run-state">
        <strong>{name}</strong>
        <span className="run-status">
          <ToneIcon name={icon} tone={tone} />
          {word}
        </span>
      </p>
      <button
        type="button"
        className="link compare-task"
        title={`Open the timeline of ${name.toLowerCase()}`}
        onClick={onOpen}
      >
        {run.task}
      </button>
      <dl className="run-facts">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
