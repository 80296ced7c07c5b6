/** How far a replay or verification is, with the way to end it. */
import type { Check } from '../../../src/protocol/check';
import { formatNumber } from '../../../src/protocol/format';
import { Button } from '../controls';

type Running = Extract<Check, { state: 'running' }>;

export function CheckProgress({ check, onCancel }: { check: Running; onCancel: () => void }) {
  const { mode, done, total } = check;
  const what = mode === 'exact' ? 'Replaying the run' : 'Verifying the record';
  return (
    <div className="check-progress">
      <progress
        aria-label={what}
        {...(total === null || total === 0 ? {} : { max: total, value: Math.min(done, total) })}
      />
      <span className="check-progress-words">{`${what}: ${amountOf(done, total)}`}</span>
      <Button onClick={onCancel}>Cancel</Button>
    </div>
  );
}

function amountOf(done: number, total: number | null): string {
  if (total === null || total === 0) return done === 0 ? 'reading…' : `${formatNumber(done)} done`;
  return `${formatNumber(Math.min(done, total))} of ${formatNumber(total)}`;
}
