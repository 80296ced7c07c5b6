/** The verdict of a check: what was found, where, and as loudly what was not looked at. */
import type { Check } from '../../../src/protocol/check';
import { formatCount } from '../../../src/protocol/format';
import type { Tone } from '../../../src/protocol/messages';
import { type IconName, ToneIcon } from '../icons';
import { DivergenceView } from './DivergenceView';
import { EventJump } from './EventJump';

type Ended = Extract<Check, { state: 'ended' }>;

const SIGNS: Readonly<Record<Ended['verdict'], { icon: IconName; tone: Tone }>> = {
  good: { icon: 'pass', tone: 'good' },
  bad: { icon: 'error', tone: 'bad' },
  none: { icon: 'warning', tone: 'warn' },
};

type CheckResultProps = {
  check: Ended;
  events: number;
  onSelect: (seq: number) => void;
  onOpenDiff: () => void;
};

export function CheckResult({ check, events, onSelect, onOpenDiff }: CheckResultProps) {
  const { verdict, words, findings, notChecked, divergence } = check;
  return (
    <>
      <p className="check-verdict">
        <ToneIcon name={SIGNS[verdict].icon} tone={SIGNS[verdict].tone} />
        <span>{words}</span>
      </p>
      {divergence === null ? null : (
        <DivergenceView divergence={divergence} events={events} onSelect={onSelect} onOpenDiff={onOpenDiff} />
      )}
      {findings.length === 0 ? null : (
        <>
          <h3>{formatCount(findings.length, 'finding')}</h3>
          <ul className="check-list">
            {findings.map(({ seq, words: found }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two findings may read the same, and the list never changes.
              <li key={index}>
                <ToneIcon name="error" tone="bad" />
                <span>
                  {seq === null ? null : <EventJump seq={seq} events={events} onSelect={onSelect} />}
                  {found}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {notChecked.length === 0 ? null : (
        <>
          <h3>Not checked</h3>
          <ul className="check-list">
            {notChecked.map((left) => (
              <li key={left}>
                <ToneIcon name="warning" tone="warn" />
                <span>{left}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
