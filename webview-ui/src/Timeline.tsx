/** The whole view of one run, as a function of the state. */
import { useRef } from 'react';
import type { RunView } from '../../src/protocol/messages';
import type { Layout, TimelineActions } from './actions';
import { Approvals } from './approval/Approvals';
import { BlueprintPage } from './BlueprintPage';
import { ChartsPane } from './charts/ChartsPane';
import { CheckPane } from './check/CheckPane';
import { IconButton } from './controls';
import { DetailsPane } from './DetailsPane';
import { EventList } from './EventList';
import { FilterBar } from './filter/FilterBar';
import { useFitting } from './filter/useFitting';
import { GraphPane } from './graph/GraphPane';
import { ToneIcon } from './icons';
import { KeysPane } from './keys/KeysPane';
import { useKeys } from './keys/useKeys';
import { MomentPane } from './MomentPane';
import { Connecting, NoEvents, NoRun, Outdated } from './Placeholders';
import { PlayBar } from './play/PlayBar';
import { usePlayback } from './play/usePlayback';
import { RunHeader } from './RunHeader';
import { useShare } from './share/useShare';
import { isLive, type TimelineState } from './state';
import { Strip } from './strip/Strip';

type TimelineProps = {
  state: TimelineState;
  layout: Layout;
  actions: TimelineActions;
  onRetry: () => void;
};

export function Timeline({ state, actions, layout, onRetry }: TimelineProps) {
  const { phase, run, log } = state;
  const fitting = useFitting(state);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ state, fitting, field, actions });
  usePlayback(state, actions.advance);
  const share = useShare(state, fitting, actions);
  if (phase === 'outdated') return <Outdated />;
  if (phase === 'connecting') return <Connecting problem={state.problem} onRetry={onRetry} />;
  if (run === null && state.picture !== null)
    return <BlueprintPage picture={state.picture} onReveal={actions.reveal} />;
  if (run === null) return <NoRun notice={state.notice} />;
  return (
    <main className={`timeline is-${layout}`}>
      <RunHeader
        run={run}
        drift={state.drift}
        panes={state.panes}
        layout={layout}
        share={share}
        onPane={actions.showPane}
        onCommand={actions.command}
        onCheck={actions.check}
      />
      <Messages state={state} onDismiss={actions.dismiss} />
      <Approvals
        run={isLive(run) ? run : { ...run, approvals: [] }}
        answered={state.answered}
        onResolve={actions.resolve}
        onShowDecision={(seq) => {
          actions.select(seq);
          actions.explain(seq, true);
        }}
        onOpenRun={actions.openRun}
      />
      {log.length === 0 ? (
        <NoEvents expected={run.events} />
      ) : (
        <>
          <div className="scrubbing">
            <Strip
              state={state}
              run={run}
              fitting={fitting}
              compact={layout === 'compact'}
              onSelect={actions.select}
              onFilter={actions.filter}
            />
            <div className="scrubbing-bar">
              <PlayBar
                state={state}
                run={run}
                onSelect={actions.select}
                onPlay={actions.play}
                onFollow={actions.follow}
                onKeys={() => actions.showPane('keys', !state.panes.has('keys'))}
              />
              <FilterBar
                state={state}
                fitting={fitting}
                field={field}
                onFilter={actions.filter}
                onSelect={actions.select}
              />
            </div>
          </div>
          <div className={`panes${state.panes.has('graph') ? ' has-graph' : ''}`}>
            {state.panes.has('graph') ? <GraphPane state={state} run={run} onSelect={actions.select} /> : null}
            <EventList
              state={state}
              run={run}
              fitting={fitting}
              onSelect={actions.select}
              onFold={actions.fold}
              onStay={actions.stay}
            />
            <div className="side">
              {state.panes.has('keys') ? <KeysPane onClose={() => actions.showPane('keys', false)} /> : null}
              {state.panes.has('check') ? (
                <CheckPane check={state.check} events={log.length} actions={actions} />
              ) : null}
              {state.panes.has('charts') ? (
                <ChartsPane
                  log={log}
                  selected={state.selected}
                  onSelect={actions.select}
                  onClose={() => actions.showPane('charts', false)}
                />
              ) : null}
              <MomentPane
                state={state}
                onOpen={(open) => actions.showPane('moment', open)}
                onOpenDiff={actions.openDiff}
              />
              <DetailsPane
                state={state}
                run={run}
                onSelect={actions.select}
                onExplain={actions.explain}
                onWiden={actions.widen}
                onAskChange={actions.askChange}
                onOpenDiff={actions.openDiff}
              />
            </div>
          </div>
        </>
      )}
      <p role="status" className="only-read-aloud">
        {spokenState(run)}
      </p>
    </main>
  );
}

/** Said whenever it changes. */
function spokenState(run: RunView): string {
  const at = run.currentNode === null ? '' : `, at ${run.currentNode}`;
  const asked = isLive(run) ? run.approvals : [];
  const words = asked.map(({ question, title }) => `, ${question ? 'the model asks' : 'approval needed'}: ${title}`);
  return `Run ${run.status}${at}${words.join('')}`;
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
