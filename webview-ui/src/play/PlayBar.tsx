/** Steps through the run, and plays it: by event, by node, to what went wrong; at ½, 1, 2 or 8 times its own speed. */
import { formatNumber } from '../../../src/protocol/format';
import type { RunView } from '../../../src/protocol/messages';
import { Button, IconButton } from '../controls';
import type { IconName } from '../icons';
import { isLive, SPEEDS, type Speed, type TimelineState } from '../state';
import { JUMPS, type Jump, jump, jumpVisit } from './jumps';

type PlayBarProps = {
  state: TimelineState;
  run: RunView;
  onSelect: (seq: number) => void;
  onPlay: (speed: Speed | null) => void;
  onFollow: () => void;
  onKeys: () => void;
};

const SPEED_WORDS: Readonly<Record<Speed, string>> = { 0.5: '½×', 1: '1×', 2: '2×', 8: '8×' };
const JUMP_WORDS: Readonly<Record<Jump, { name: string; key: string; icon: IconName }>> = {
  denial: { name: 'denial', key: 'd', icon: 'circle-slash' },
  failure: { name: 'failure', key: 'f', icon: 'error' },
  approval: { name: 'approval', key: 'a', icon: 'person' },
  change: { name: 'file change', key: 'c', icon: 'edit' },
};

export function PlayBar({ state, run, onSelect, onPlay, onFollow, onKeys }: PlayBarProps) {
  const { log, selected, playing, following, speed } = state;
  const last = log.length - 1;
  const at = selected ?? last;
  const step = (label: string, icon: IconName, target: number | null) => (
    <IconButton
      label={label}
      icon={icon}
      disabled={target === null || target < 0 || target > last}
      onClick={() => target !== null && onSelect(target)}
    />
  );
  return (
    <section className="play-bar" aria-label="Steps">
      {step('Previous node ([)', 'debug-reverse-continue', jumpVisit(log, at, -1))}
      {step('Previous event', 'chevron-left', at - 1)}
      <IconButton
        label={playing === null ? 'Play' : 'Pause'}
        icon={playing === null ? 'play' : 'debug-pause'}
        onClick={() => onPlay(playing === null ? speed : null)}
      />
      {step('Next event', 'chevron-right', at + 1)}
      {step('Next node (])', 'debug-continue', jumpVisit(log, at, 1))}
      <select
        className="play-speed"
        aria-label="Speed"
        value={String(playing ?? speed)}
        onChange={({ target }) => onPlay(SPEEDS.find((one) => String(one) === target.value) ?? 1)}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={String(one)}>
            {SPEED_WORDS[one]}
          </option>
        ))}
      </select>
      <span className="play-jumps">
        {JUMPS.map((kind) => {
          const { name, key, icon } = JUMP_WORDS[kind];
          return <span key={kind}>{step(`Next ${name} (${key})`, icon, jump(log, at, kind, 1))}</span>;
        })}
      </span>
      <span className="play-count">{`${formatNumber(at + 1)} / ${formatNumber(log.length)}`}</span>
      {isLive(run) && !following ? (
        <Button icon="arrow-down" onClick={onFollow}>
          Jump to Live
        </Button>
      ) : null}
      <IconButton label="Keyboard Shortcuts (?)" icon="keyboard" onClick={onKeys} />
    </section>
  );
}
