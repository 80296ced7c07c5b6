import type { RunEvent } from '../../../src/protocol/events';
import { Fact } from './KeyValue';

/** The gatekeeper's plan with its reasons, and what was changed when it was accepted. */
export function PlanDetails({ event }: { event: RunEvent<'plan.proposed' | 'plan.accepted'> }) {
  const { plan } = event.data;
  const changes = event.type === 'plan.accepted' ? event.data.changes : [];
  return (
    <dl className="facts">
      {event.type === 'plan.proposed' ? (
        <Fact name="By">{event.data.classifier}</Fact>
      ) : (
        <Fact name="Accepted by">{event.data.by}</Fact>
      )}
      {changes.length === 0 ? null : <Fact name="Changed">{changes.join('; ')}</Fact>}
      <Fact name="Intent">{`${plan.intent} (${plan.mode}${plan.surface === 'none' ? '' : `, ${plan.surface}`})`}</Fact>
      <Fact name="Sensitivity">{plan.sensitivity}</Fact>
      <Fact name="Risks">{plan.risk.length === 0 ? 'none found' : plan.risk.join(', ')}</Fact>
      <Fact name="Model route">{plan.route}</Fact>
      <Fact name="Toolset">{plan.toolset}</Fact>
      <Fact name="Blueprint">{plan.blueprint}</Fact>
      <Fact name="Zones">{plan.zones.length === 0 ? 'whole repository' : plan.zones.join(', ')}</Fact>
      <Fact name="Excluded">{plan.excluded.length === 0 ? 'nothing' : plan.excluded.join(', ')}</Fact>
      <Fact name="Confidence">{`${Math.round(plan.confidence * 100)} %`}</Fact>
      <Fact name="Reasons">
        <ul className="items">
          {plan.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </Fact>
    </dl>
  );
}
