/** Who said what of a plan: the local model on each of its axes, and what the plan holds after the rules. */
import type { RunEvent } from '../../../src/protocol/events';
import { ToneIcon } from '../icons';
import { Table } from './Table';

type Proposed = RunEvent<'plan.proposed'>['data'];

/** Nothing for a run whose record does not say what the model thought. */
export function PlanSources({ event: { data } }: { event: RunEvent<'plan.proposed'> }) {
  const { classification } = data;
  if (classification === undefined) return null;
  if (classification === null) return <p className="quiet">The rules alone made this plan: no local model answered.</p>;
  return (
    <Table
      caption="What the local model said, and what the plan made of it"
      columns={[{ name: 'Axis' }, { name: 'Local model' }, { name: 'Plan' }]}
      rows={AXES.map((axis) => ({
        key: axis,
        cells: [
          axis,
          <Said key="said" word={wordOf(classification[axis])} unsure={classification.unsure.includes(axis)} />,
          planWord(axis, data),
        ],
      }))}
    />
  );
}

const AXES = ['intent', 'surface', 'sensitivity', 'risk'] as const;

const wordOf = (value: string | readonly string[]): string =>
  typeof value === 'string' ? value : value.length === 0 ? 'none' : value.join(', ');

/** What differs comes from the rules, for a plan is the stricter of both. */
function planWord(axis: (typeof AXES)[number], { plan, classification }: Proposed): string {
  const planned = wordOf(plan[axis]);
  const said = classification ? wordOf(classification[axis]) : planned;
  return planned === said ? planned : `${planned}, by the rules`;
}

function Said({ word, unsure }: { word: string; unsure: boolean }) {
  if (!unsure) return word;
  return (
    <>
      <ToneIcon name="warning" tone="warn" />
      {`${word}, not sure`}
    </>
  );
}
