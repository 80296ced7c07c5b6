/** The whole view of one run, as a function of the state. */
import type { RunCommand } from '../../src/protocol/messages';
import { ApprovalCard } from './ApprovalCard';
import { BlueprintPage } from './BlueprintPage';
import { IconButton } from './controls';
import { DetailsPane } from './DetailsPane';
import { EventList } from './EventList';
import { GraphPane } from './graph/GraphPane';
import type { Visit } from './grouping';
import { ToneIcon } from './icons';
import { MomentPane } from './MomentPane';
import { Connecting, NoEvents, NoRun, Outdated } from './Placeholders';
import { RunHeader } from './RunHeader';
import { Scrubber } from './Scrubber';
import { isLive, type TimelineState } from './state';

export type TimelineActions = {
  readonly select: (seq: number) => void;
  readonly follow: () => void;
  readonly fold: (keys: readonly string[], folded: boolean) => void;
  readonly showMoment: (open: boolean) => void;
  readonly showGraph: (open: boolean) => void;
  /** Opens the blueprint file at a node. */
  readonly reveal: (node: string) => void;
  readonly dismiss: () => void;
  readonly command: (id: RunCommand) => void;
  /** `edited` is the input as the person wants it, as JSON text. */
  readonly resolve: (approval: string, verdict: 'approved' | 'rejected', reason: string, edited?: string) => void;
};

type TimelineProps = {
  state: TimelineState;
  visits: readonly Visit[];
  actions: TimelineActions;
  onRetry: () => void;
};

export function Timeline({ state, visits, actions, onRetry }: TimelineProps) {
  const { phase, run, headers } = state;
  if (phase === 'outdated') return <Outdated />;
  if (phase === 'connecting') return <Connecting problem={state.problem} onRetry={onRetry} />;
  if (run === null && state.picture !== null)
    return <BlueprintPage picture={state.picture} onReveal={actions.reveal} />;
  if (run === null) return <NoRun notice={state.notice} />;
  const pending = isLive(run) ? run.pendingApproval : null;
  return (
    <main className="timeline">
      <RunHeader run={run} graphOpen={state.graphOpen} onGraph={actions.showGraph} onCommand={actions.command} />
      <Messages state={state} onDismiss={actions.dismiss} />
      {pending === null ? null : (
        <ApprovalCard
          key={pending.approval}
          pending={pending}
          readOnly={run.readOnly}
          answered={state.answered === pending.approval}
          onResolve={actions.resolve}
        />
      )}
      {headers.length === 0 ? (
        <NoEvents expected={run.events} />
      ) : (
        <>
          <Scrubber state={state} run={run} onSelect={actions.select} onFollow={actions.follow} />
          <div className={`panes${state.graphOpen ? ' has-graph' : ''}`}>
            {state.graphOpen ? <GraphPane state={state} run={run} onSelect={actions.select} /> : null}
            <EventList state={state} run={run} visits={visits} onSelect={actions.select} onFold={actions.fold} />
            <div className="side">
              <MomentPane state={state} onOpen={actions.showMoment} />
              <DetailsPane state={state} run={run} onSelect={actions.select} />
            </div>
          </div>
        </>
      )}
      <p role="status" className="only-read-aloud">
        {`Run ${run.status}${run.currentNode === null ? '' : `, at ${run.currentNode}`}${pending === null ? '' : `, approval needed: ${pending.title}`}`}
      </p>
    </main>
  );
}

function Messages({ state, onDismiss }: { state: TimelineState; onDismiss: () => void }) {
  const message = state.problem ?? state.notice;
  if (message === null) return null;
  const bad = state.problem !== null;
  return (
    <div className="message" role={bad ? 'alert' : 'note'}>
      <ToneIcon name={bad ? 'error' : 'info'} tone={bad ? 'bad' : 'active'} />
      <span>{message}</span>
      <IconButton label="Dismiss" icon="close" onClick={onDismiss} />
    </div>
  );
}
