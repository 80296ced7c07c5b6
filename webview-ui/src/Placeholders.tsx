/** What is shown when there is nothing to show: why, and what to do. */
import type { ReactNode } from 'react';
import { formatNumber } from '../../src/protocol/format';
import { Button, Progress } from './controls';
import { Icon, type IconName } from './icons';

function Placeholder({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <main className="placeholder">
      <Icon name={icon} />
      <h1>{title}</h1>
      {children}
    </main>
  );
}

export function NoRun({ notice }: { notice: string | null }) {
  return (
    <Placeholder icon="history" title="No run selected">
      {notice === null ? null : <p role="note">{notice}</p>}
      <p>
        Choose a run in the <b>Runs</b> view, or start one: open the Command Palette and run{' '}
        <b>OpenExec: Start Blueprint Run</b>.
      </p>
    </Placeholder>
  );
}

export function Outdated() {
  return (
    <Placeholder icon="warning" title="Reload the window">
      <p>
        OpenExec was updated while this timeline was open. Run <b>Developer: Reload Window</b> from the Command Palette
        to go on. Nothing recorded is lost.
      </p>
    </Placeholder>
  );
}

export function Connecting({ problem, onRetry }: { problem: string | null; onRetry: () => void }) {
  if (problem === null) {
    return (
      <main className="placeholder">
        <Progress label="Opening the timeline…" />
      </main>
    );
  }
  return (
    <Placeholder icon="error" title="The timeline could not be opened">
      <p role="alert">{problem}</p>
      <Button onClick={onRetry}>Try Again</Button>
    </Placeholder>
  );
}

export function NoEvents({ expected }: { expected: number }) {
  return (
    <div className="placeholder">
      <Progress label={expected === 0 ? 'Waiting for the first event…' : `Loading ${formatNumber(expected)} events…`} />
    </div>
  );
}
