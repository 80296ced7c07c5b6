/** What the run is, how it stands, what it has cost, and what can be done with it. */
import { memo } from 'react';
import type { RunView } from '../../src/protocol/messages';
import type { Drift } from '../../src/protocol/policy';
import { statusOf } from './commands';
import { DriftNotice } from './DriftNotice';
import { factsOf, type RunFact } from './facts';
import { Icon, type IconName, ToneIcon } from './icons';
import { RunActions, type RunActionsProps } from './RunActions';
import { isLive } from './state';

type RunHeaderProps = RunActionsProps & { drift: Drift | null };

/** What is told of a run also where there is little room. */
const IN_BRIEF: ReadonlySet<string> = new Set(['Node', 'Tokens', 'Cost', 'Denials']);

export const RunHeader = memo(function RunHeader({ drift, ...actions }: RunHeaderProps) {
  const { run, layout } = actions;
  const status = statusOf(run);
  const facts = factsOf(run).filter(({ name }) => layout === 'full' || IN_BRIEF.has(name));
  return (
    <header className="run">
      <div className="run-title">
        <h1 title={run.task}>{run.task}</h1>
        <RunActions {...actions} />
      </div>
      <div className="run-state">
        <span className="run-status">
          <ToneIcon name={status.icon} tone={status.tone} />
          {status.word}
        </span>
        {run.reason === '' ? null : <span className="run-reason">{run.reason}</span>}
        <Notices run={run} />
      </div>
      <dl className="run-facts">
        {facts.map((fact) => (
          <Fact key={fact.name} fact={fact} />
        ))}
      </dl>
      {drift === null ? null : <DriftNotice drift={drift} live={isLive(run)} />}
    </header>
  );
});

function Notices({ run }: { run: RunView }) {
  return (
    <>
      {run.recorded ? <Notice icon="record">Recorded model, no live calls</Notice> : null}
      {run.imported ? <Notice icon="archive">Imported, read-only</Notice> : null}
      {run.readOnly && !run.imported && isLive(run) ? (
        <Notice icon="lock">Runs in another window; here it can only be watched</Notice>
      ) : null}
      {run.result === 'applied' ? <Notice icon="check">Result applied to the workspace</Notice> : null}
      {run.result === 'discarded' ? <Notice icon="trash">Result discarded</Notice> : null}
    </>
  );
}

function Notice({ icon, children }: { icon: IconName; children: string }) {
  return (
    <span className="run-notice">
      <Icon name={icon} />
      {children}
    </span>
  );
}

function Fact({ fact: { name, words, hint, bad } }: { fact: RunFact }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={hint}>
        {bad === true ? <ToneIcon name="circle-slash" tone="bad" /> : null}
        {words}
      </dd>
    </div>
  );
}
