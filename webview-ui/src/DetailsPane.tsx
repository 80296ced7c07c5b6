/** Everything about the selected event: its head, its story by kind, and the recorded JSON with a copy button. */
import { useEffect, useState } from 'react';
import type { EventHeader, RunView } from '../../src/protocol/messages';
import type { TimelineActions } from './actions';
import { Checkbox, IconButton } from './controls';
import { Changing } from './details/Changing';
import { EventDetails } from './details/EventDetails';
import { Explaining } from './details/Explain';
import { TextBlock } from './details/TextBlock';
import { Widening } from './details/Widen';
import { relatedSeqs } from './grouping';
import { Icon, iconOf, ToneIcon } from './icons';
import type { EventLog } from './log/log';
import { isLive, type LoadedEvent, type TimelineState } from './state';
import { utc } from './time';

type DetailsPaneProps = {
  state: TimelineState;
  run: RunView;
  onSelect: (seq: number) => void;
  onExplain: (seq: number, open: boolean) => void;
  onWiden: (seq: number) => void;
  onAskChange: TimelineActions['askChange'];
  onOpenDiff: TimelineActions['openDiff'];
};

/** Why a file of an imported run cannot be opened against what it is now. */
const ELSEWHERE = 'The run was recorded elsewhere: its folder is not here';

export function DetailsPane(props: DetailsPaneProps) {
  const { state, run, onSelect, onExplain, onWiden, onAskChange, onOpenDiff } = props;
  const { changes } = state;
  const [raw, setRaw] = useState(false);
  const header = state.selected === null ? undefined : state.log.at(state.selected);
  if (header === undefined) {
    return (
      <section className="details" aria-label="Details">
        <p className="quiet">Select an event to see what it recorded.</p>
      </section>
    );
  }
  const loaded = state.details.get(header.seq);
  return (
    <section className="details" aria-label="Details">
      <div className="pane-title">
        <h2>Details</h2>
        <Checkbox checked={raw} onChange={setRaw}>
          JSON
        </Checkbox>
        {loaded?.ok === true ? <CopyButton text={jsonOf(loaded)} /> : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className="details-body" aria-label="Event details" tabIndex={0}>
        {isLive(run) && state.following && state.writing !== '' ? <Writing text={state.writing} /> : null}
        <EventHead header={header} log={state.log} onSelect={onSelect} />
        <Explaining value={{ explained: state.explained, explanations: state.explanations, onExplain }}>
          <Widening value={run.canPause ? onWiden : null}>
            <Changing
              value={{
                changes,
                askChange: onAskChange,
                openDiff: onOpenDiff,
                select: onSelect,
                noNow: run.imported ? ELSEWHERE : null,
              }}
            >
              <Body loaded={loaded} story={storyOf(state, header)} raw={raw} />
            </Changing>
          </Widening>
        </Explaining>
      </section>
    </section>
  );
}

function Body({
  loaded,
  story,
  raw,
}: {
  loaded: LoadedEvent | undefined;
  story: readonly LoadedEvent[];
  raw: boolean;
}) {
  if (loaded === undefined) return <p className="quiet">Loading the event…</p>;
  if (!loaded.ok) {
    return (
      <p role="alert">
        <ToneIcon name="error" tone="bad" />
        This event cannot be shown: {loaded.problem}. Reload the window, or look at it with <code>openexec show</code>.
      </p>
    );
  }
  if (raw) return <TextBlock label="Recorded JSON" text={jsonOf(loaded)} />;
  return <EventDetails loaded={loaded} story={story.flatMap((other) => (other.ok ? [other.event] : []))} />;
}

function storyOf(state: TimelineState, header: EventHeader): LoadedEvent[] {
  return relatedSeqs(state.log, header.seq).flatMap((seq) => state.details.get(seq) ?? []);
}

const jsonOf = (loaded: LoadedEvent & { ok: true }): string => JSON.stringify(loaded.event, null, 2);

type EventHeadProps = { header: EventHeader; log: EventLog; onSelect: (seq: number) => void };

function EventHead({ header, log, onSelect }: EventHeadProps) {
  const cause = header.cause === undefined ? undefined : log.at(header.cause);
  return (
    <div className="event-head">
      <h3>
        <ToneIcon name={iconOf(header)} tone={header.tone} />
        <span>{header.title}</span>
      </h3>
      <p className="quiet">
        {`Event ${header.seq}, ${header.type}${header.node === undefined ? '' : `, ${header.node}`} · ${utc(header.at)}`}
        {cause === undefined ? null : (
          <>
            {' · caused by '}
            <button type="button" className="link" title={cause.title} onClick={() => onSelect(cause.seq)}>
              {`event ${cause.seq}`}
            </button>
          </>
        )}
      </p>
    </div>
  );
}

function Writing({ text }: { text: string }) {
  return (
    <section className="writing" aria-label="Reply in writing">
      <h3>
        <Icon name="loading" />
        <span>The model is writing…</span>
      </h3>
      <pre>{text}</pre>
    </section>
  );
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event's text was not copied yet.
  useEffect(() => setCopied('no'), [text]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    );
  };
  const label = { no: 'Copy JSON', yes: 'Copied', failed: 'Could not copy; show the JSON and select it' }[copied];
  return <IconButton label={label} icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy} />;
}
