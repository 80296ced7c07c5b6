/** How the run stood at the selected event: its nodes, its budget, its files. Folded away, it is not asked for. */
import { useId } from 'react';
import type { NodeMoment, RunMoment } from '../../src/protocol/events';
import { formatCost, formatCount, formatDuration, formatNumber } from '../../src/protocol/format';
import type { Tone } from '../../src/protocol/messages';
import type { TimelineActions } from './actions';
import { statusThen } from './commands';
import { Progress } from './controls';
import { Fact } from './details/KeyValue';
import { Icon, type IconName, ToneIcon } from './icons';
import { FileTree } from './moment/FileTree';
import type { TimelineState } from './state';

type MomentPaneProps = {
  state: TimelineState;
  onOpen: (open: boolean) => void;
  onOpenDiff: TimelineActions['openDiff'];
};

export function MomentPane({ state: { moment, panes, selected }, onOpen, onOpenDiff }: MomentPaneProps) {
  const momentOpen = panes.has('moment');
  const body = useId();
  if (selected === null) return null;
  const shown = momentOpen ? moment : null;
  return (
    // Named without the event, and not live: whoever scrubs hears the slider, and comes here when they want to know.
    <section className="moment" aria-label="State at this event">
      <div className="pane-title">
        <h2>
          <button
            type="button"
            className="fold"
            aria-expanded={momentOpen}
            aria-controls={body}
            onClick={() => onOpen(!momentOpen)}
          >
            <Icon name={momentOpen ? 'chevron-down' : 'chevron-right'} />
            {shown === null ? 'State at this event' : `State at event ${formatNumber(shown.seq)}`}
          </button>
        </h2>
        {shown === null ? null : <Status moment={shown} />}
      </div>
      {momentOpen ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what can be filled in.
        <div id={body} className="moment-body" role="group" aria-label="Nodes, budget, files" tabIndex={0}>
          {moment === null ? (
            <Progress label="Reading the record…" />
          ) : (
            <Moment moment={moment} onOpenDiff={onOpenDiff} />
          )}
        </div>
      ) : null}
    </section>
  );
}

function Status({ moment }: { moment: RunMoment }) {
  const { word, icon, tone } = statusThen(moment);
  return (
    <span className="moment-status">
      <ToneIcon name={icon} tone={tone} />
      {word}
    </span>
  );
}

type MomentProps = { moment: RunMoment } & Pick<MomentPaneProps, 'onOpenDiff'>;

function Moment({ moment, onOpenDiff }: MomentProps) {
  const { status, nodes, budget, approvals } = moment;
  const stopped = status !== 'running' && status !== 'waiting';
  return (
    <dl className="facts">
      <Fact name="Nodes">
        {nodes.length === 0 ? (
          <span className="quiet">none has started</span>
        ) : (
          <ul className="moment-row">
            {nodes.map((node) => (
              <Node key={node.id} node={node} stopped={stopped} />
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Budget">
        <Budget budget={budget} />
      </Fact>
      <Fact name="Files">
        <Files moment={moment} onOpenDiff={onOpenDiff} />
      </Fact>
      {approvals.length === 0 ? null : (
        <Fact name="Asked">
          <ul>
            {approvals.map(({ approval, title }) => (
              <li key={approval}>
                <ToneIcon name="person" tone="warn" />
                {title}
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  );
}

const NODE_SIGNS: Readonly<Record<NodeMoment['state'], { word: string; icon: IconName; tone: Tone }>> = {
  waiting: { word: 'waiting', icon: 'circle-large-outline', tone: 'neutral' },
  active: { word: 'active', icon: 'debug-start', tone: 'active' },
  success: { word: 'success', icon: 'pass', tone: 'good' },
  failure: { word: 'failure', icon: 'error', tone: 'bad' },
  exhausted: { word: 'exhausted', icon: 'warning', tone: 'bad' },
  cancelled: { word: 'cancelled', icon: 'circle-slash', tone: 'warn' },
};
const LEFT_OPEN = { word: 'not finished', icon: 'warning', tone: 'warn' } as const;

function Node({ node: { id, state, attempts }, stopped }: { node: NodeMoment; stopped: boolean }) {
  const { word, icon, tone } = state === 'active' && stopped ? LEFT_OPEN : NODE_SIGNS[state];
  return (
    <li>
      <ToneIcon name={icon} tone={tone} />
      <span>
        {id} <span className="quiet">{attempts > 1 ? `${word}, attempt ${attempts}` : word}</span>
      </span>
    </li>
  );
}

function Budget({ budget: { modelCalls, tokens, minutes, costUsd, limits } }: { budget: RunMoment['budget'] }) {
  const spent: [name: string, amount: string][] = [
    ['Model calls', `${formatNumber(modelCalls)} of ${formatNumber(limits.modelCalls)}`],
    ['Tokens', `${formatNumber(tokens)} of ${formatNumber(limits.tokens)}`],
    ['Time', `${formatDuration(minutes * 60_000)} of ${formatNumber(limits.minutes)} min`],
    ['Cost', formatCost(costUsd)],
  ];
  return (
    <ul className="moment-row">
      {spent.map(([name, amount]) => (
        <li key={name}>
          <span className="quiet">{name}</span> {amount}
        </li>
      ))}
    </ul>
  );
}

function Files({ moment: { seq, files, moreFiles: more }, onOpenDiff }: MomentProps) {
  if (files.length === 0) return <span className="quiet">none changed</span>;
  return (
    <>
      {formatCount(files.length + more, 'file')} changed
      <FileTree files={files} seq={seq} onOpenDiff={onOpenDiff} />
      {more === 0 ? null : <p className="quiet">{`and ${formatNumber(more)} more, not listed`}</p>}
    </>
  );
}
