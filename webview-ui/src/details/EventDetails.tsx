/** One small component for each kind of event; what has none is shown as names and values. */

import type { RunEvent } from '../../../src/protocol/events';
import { formatNumber } from '../../../src/protocol/format';
import type { LoadedEvent } from '../state';
import { ApprovalDetails } from './ApprovalDetails';
import { ArtifactDetails } from './ArtifactDetails';
import { SensitivityDetails, ZonesDetails } from './BoundsDetails';
import { ContextDetails } from './ContextDetails';
import { EgressDetails } from './EgressDetails';
import { FileDetails } from './FileDetails';
import { HaltDetails } from './HaltDetails';
import { KeyValue } from './KeyValue';
import { ModelDetails } from './ModelDetails';
import { NodeDetails } from './NodeDetails';
import { PlanDetails } from './PlanDetails';
import { PolicyDetails } from './PolicyDetails';
import { RunDetails } from './RunDetails';
import { ShortenedDetails } from './ShortenedDetails';
import { ToolDetails } from './ToolDetails';

/** `story` is what belongs to the event (its call's request, decision and result …) as far as it has come, in order. */
export function EventDetails({ loaded, story }: { loaded: LoadedEvent & { ok: true }; story: readonly RunEvent[] }) {
  return (
    <>
      {loaded.cuts.length === 0 ? null : (
        <p className="quiet" role="note">
          {`Shortened for display: ${loaded.cuts.map((cut) => `${cut.path} (${formatNumber(cut.length)} characters)`).join(', ')}. `}
          The record holds all of it.
        </p>
      )}
      <Kind event={loaded.event} story={story} />
    </>
  );
}

function Kind({ event, story }: { event: RunEvent; story: readonly RunEvent[] }) {
  switch (event.type) {
    case 'run.started':
      return <RunDetails event={event} />;
    case 'run.interrupted':
    case 'run.resumed':
      return <HaltDetails event={event} story={story} />;
    case 'plan.proposed':
    case 'plan.accepted':
      return <PlanDetails event={event} />;
    case 'zones.widened':
      return <ZonesDetails event={event} />;
    case 'sensitivity.raised':
      return <SensitivityDetails event={event} />;
    case 'context.built':
      return <ContextDetails event={event} />;
    case 'node.started':
    case 'node.finished':
      return <NodeDetails event={event} />;
    case 'egress.sent':
      return <EgressDetails event={event} />;
    case 'model.requested':
    case 'model.responded':
    case 'model.failed':
      return <ModelDetails event={event} story={story} />;
    case 'conversation.shortened':
      return <ShortenedDetails event={event} />;
    case 'tool.requested':
    case 'tool.finished':
      return <ToolDetails call={event.data.call} tool={event.data.tool} story={story} />;
    case 'policy.decided':
      return <PolicyDetails event={event} story={story} />;
    case 'approval.requested':
    case 'approval.resolved':
      return <ApprovalDetails approval={event.data.approval} story={story} />;
    case 'file.changed':
      return <FileDetails event={event} story={story} />;
    case 'artifact.created':
      return <ArtifactDetails event={event} />;
    default:
      return <KeyValue value={event.data} />;
  }
}
