/** Replay and verify: started here, watched here, and what they found, each finding with a way to its event. */
import type { Check } from '../../../src/protocol/check';
import { assertNever } from '../../../src/protocol/events';
import type { TimelineActions } from '../actions';
import { Button, IconButton } from '../controls';
import { CheckProgress } from './CheckProgress';
import { CheckResult } from './CheckResult';

export type CheckActions = Pick<TimelineActions, 'check' | 'cancelCheck' | 'openDivergence' | 'select' | 'showPane'>;

type CheckPaneProps = {
  check: Check | null;
  /** How many events are there: what is found at another place has no event to go to. */
  events: number;
  actions: CheckActions;
};

export function CheckPane({ check, events, actions }: CheckPaneProps) {
  const running = check?.state === 'running';
  return (
    <section className="check" aria-label="Replay and verify">
      <div className="pane-title">
        <h2>Replay and verify</h2>
        <IconButton label="Close Replay and Verify" icon="close" onClick={() => actions.showPane('check', false)} />
      </div>
      <div className="check-body">
        <div className="check-actions">
          <Button
            icon="history"
            disabled={running}
            title="Run the engine again on the record, without a model"
            onClick={() => actions.check('exact')}
          >
            Replay
          </Button>
          <Button
            icon="verified"
            disabled={running}
            title="Check the hash chain and the stored content"
            onClick={() => actions.check('verify')}
          >
            Verify
          </Button>
        </div>
        <Body check={check} events={events} actions={actions} />
      </div>
      <p role="status" className="only-read-aloud">
        {spoken(check)}
      </p>
    </section>
  );
}

function Body({ check, events, actions }: CheckPaneProps) {
  if (check === null) {
    return (
      <p className="quiet">
        Replay runs the engine again on what was recorded, without a model, and compares every event hash for hash.
        Verify checks the hash chain and the stored content.
      </p>
    );
  }
  switch (check.state) {
    case 'running':
      return <CheckProgress check={check} onCancel={actions.cancelCheck} />;
    case 'ended':
      return (
        <CheckResult check={check} events={events} onSelect={actions.select} onOpenDiff={actions.openDivergence} />
      );
    default:
      return assertNever(check);
  }
}

/** Said when a check begins and when it has ended, not at every step. */
function spoken(check: Check | null): string {
  if (check === null) return '';
  if (check.state === 'running') return check.mode === 'exact' ? 'Replaying the run' : 'Verifying the record';
  return [check.words, ...check.notChecked.map((words) => `Not checked: ${words}`)].join(' ');
}
