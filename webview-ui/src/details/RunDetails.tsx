import type { RunEvent } from '../../../src/protocol/events';
import { boundText } from '../bound';
import { Hash } from './Hash';
import { Fact } from './KeyValue';
import { TextBlock } from './TextBlock';

/** With what a run was started: everything its decisions depend on, frozen. */
export function RunDetails({ event: { data } }: { event: RunEvent<'run.started'> }) {
  const { bound, budget } = data;
  return (
    <>
      <TextBlock label="Task" text={data.task} />
      <dl className="facts">
        {data.parent === null ? null : <Fact name="Re-run of">{data.parent}</Fact>}
        <Fact name="Blueprint">
          {data.blueprint.id} <Hash value={data.blueprint.hash} />
        </Fact>
        <Fact name="Policy">
          {data.policy.id} <Hash value={data.policy.snapshot} />
        </Fact>
        <Fact name="Toolset">{data.toolset}</Fact>
        <Fact name="Model">{`${data.model.name} (${data.model.provider}), at ${data.model.destination}`}</Fact>
        <Fact name="Approvals">{data.approvals}</Fact>
        <Fact name="Worst case">{boundText(bound)}</Fact>
        <Fact name="Budget">{boundText(budget)}</Fact>
        <Fact name="Base">
          <Hash value={data.workspace.baseCommit} />
          {data.workspace.dirty ? ' with changes that were not committed' : ''}
        </Fact>
        {data.workspace.notCovered.length === 0 ? null : (
          <Fact name="Not covered">{data.workspace.notCovered.join(', ')}</Fact>
        )}
        <Fact name="Versions">
          {`OpenExec ${data.versions.openexec}, Node ${data.versions.node}, git ${data.versions.git}, ${data.versions.platform}`}
        </Fact>
      </dl>
      <TextBlock label="Blueprint as run" text={data.blueprint.definition} />
      <TextBlock label="Policy as frozen" text={data.policy.content} />
    </>
  );
}
