import type { RunEvent } from '../../../src/protocol/events';
import { formatNumber } from '../../../src/protocol/format';
import { ROUTE_WORDS, surenessWords, withoutModel } from '../../../src/protocol/planWords';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import { Fact } from './KeyValue';
import { PlanFacts } from './PlanFacts';
import { PlanSources } from './PlanSources';

/** The gatekeeper's plan with its reasons, what it was made of, and what was changed when it was accepted. */
export function PlanDetails({ event }: { event: RunEvent<'plan.proposed' | 'plan.accepted'> }) {
  const { plan } = event.data;
  return (
    <>
      {event.type === 'plan.proposed' ? <Problem problem={event.data.problem} /> : null}
      <dl className="facts">
        {event.type === 'plan.proposed' ? (
          <Fact name="By">{event.data.classifier}</Fact>
        ) : (
          <>
            <Fact name="Accepted by">{event.data.by}</Fact>
            <Fact name="Changed">
              {event.data.changes.length === 0 ? 'nothing' : <Lines lines={event.data.changes} />}
            </Fact>
          </>
        )}
        <Fact name="Intent">{`${plan.intent} (${plan.mode}${plan.surface === 'none' ? '' : `, ${plan.surface}`})`}</Fact>
        <Fact name="Confidence">
          {plan.unsure === true ? <ToneIcon name="warning" tone="warn" /> : null}
          {surenessWords(plan)}
        </Fact>
        <Fact name="Sensitivity">{plan.sensitivity}</Fact>
        <Fact name="Risks">{plan.risk.length === 0 ? 'none found' : plan.risk.join(', ')}</Fact>
        <Fact name="Model route">{ROUTE_WORDS[plan.route]}</Fact>
        <Fact name="Toolset">{plan.toolset}</Fact>
        <Fact name="Blueprint">{plan.blueprint}</Fact>
        <Fact name="Zones">{plan.zones.includes('**') ? 'the whole repository' : <Globs globs={plan.zones} />}</Fact>
        <Fact name="Excluded">{plan.excluded.length === 0 ? 'nothing' : <Globs globs={plan.excluded} />}</Fact>
        <Fact name="Reasons">
          <Lines lines={plan.reasons} />
        </Fact>
      </dl>
      {event.type === 'plan.proposed' ? (
        <>
          <PlanSources event={event} />
          {event.data.facts === undefined ? null : <PlanFacts facts={event.data.facts} />}
        </>
      ) : null}
    </>
  );
}

function Problem({ problem }: { problem: string | undefined }) {
  if (problem === undefined) return null;
  return (
    <p role="note">
      <ToneIcon name="warning" tone="warn" />
      <Visible text={`${withoutModel(problem)}.`} />
    </p>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className="items">
      {lines.map((line) => (
        <li key={line}>
          <Visible text={line} />
        </li>
      ))}
    </ul>
  );
}

/** Globs that are shown at once; the rest is folded away. */
const SHOWN = 12;

function Globs({ globs }: { globs: readonly string[] }) {
  const list = (some: readonly string[]) => (
    <ul className="globs">
      {some.map((glob) => (
        <li key={glob}>
          <code>
            <Visible text={glob} />
          </code>
        </li>
      ))}
    </ul>
  );
  if (globs.length <= SHOWN) return list(globs);
  return (
    <>
      {list(globs.slice(0, SHOWN))}
      <details>
        <summary>{`and ${formatNumber(globs.length - SHOWN)} more`}</summary>
        {list(globs.slice(SHOWN))}
      </details>
    </>
  );
}
