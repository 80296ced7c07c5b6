/** What the run is, how it stands, what it has cost, and what can be done with it. */
import { memo, type ReactNode } from 'react';
import { formatCost, formatCount, formatNumber } from '../../src/protocol/format';
import type { RunCommand, RunView } from '../../src/protocol/messages';
import { COMMANDS, commandsFor, statusOf } from './commands';
import { Button, Toggle } from './controls';
import { Icon, type IconName, ToneIcon } from './icons';
import { isLive } from './state';

type RunHeaderProps = {
  run: RunView;
  graphOpen: boolean;
  onGraph: (open: boolean) => void;
  onCommand: (id: RunCommand) => void;
};

export const RunHeader = memo(function RunHeader({ run, graphOpen, onGraph, onCommand }: RunHeaderProps) {
  const status = statusOf(run);
  return (
    <header className="run">
      <div className="run-title">
        <h1 title={run.task}>{run.task}</h1>
        <Actions run={run} graphOpen={graphOpen} onGraph={onGraph} onCommand={onCommand} />
      </div>
      <div className="run-state">
        <span className="run-status">
          <ToneIcon name={status.icon} tone={status.tone} />
          {status.word}
        </span>
        {run.reason === '' ? null : <span className="run-reason">{run.reason}</span>}
        <Notices run={run} />
      </div>
      <Facts run={run} />
    </header>
  );
});

function Actions({ run, graphOpen, onGraph, onCommand }: RunHeaderProps) {
  const commands = commandsFor(run);
  return (
    <div className="run-actions" role="toolbar" aria-label="Run actions">
      {commands.map((id) => (
        <Button
          key={id}
          icon={COMMANDS[id].icon}
          primary={id === 'apply' || id === 'resume'}
          title={COMMANDS[id].hint}
          onClick={() => onCommand(id)}
        >
          {COMMANDS[id].label}
        </Button>
      ))}
      <Toggle
        icon="type-hierarchy"
        pressed={graphOpen}
        title={graphOpen ? 'Hide the graph of the blueprint' : 'Show the graph of the blueprint'}
        onClick={() => onGraph(!graphOpen)}
      >
        Graph
      </Toggle>
    </div>
  );
}

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

function Facts({ run }: { run: RunView }) {
  return (
    <dl className="run-facts">
      <Fact name="Blueprint">{run.blueprint}</Fact>
      <Fact name="Model">{run.model}</Fact>
      {run.currentNode === null ? null : (
        <Fact name="Node">{`${run.currentNode}${run.attempt === null || run.attempt === 1 ? '' : `, attempt ${run.attempt}`}`}</Fact>
      )}
      <Fact name="Tokens">{formatNumber(run.tokens)}</Fact>
      <Fact name="Cost">{formatCost(run.costUsd)}</Fact>
      <Fact name="Denials">
        {run.denials > 0 ? <ToneIcon name="circle-slash" tone="bad" /> : null}
        {formatNumber(run.denials)}
      </Fact>
      <Fact name="Changed">
        <span title={run.filesChanged.join('\n')}>{formatCount(run.filesChanged.length, 'file')}</span>
      </Fact>
      {run.branch === null ? null : <Fact name="Branch">{run.branch}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
