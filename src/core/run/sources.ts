/** Which files a message to a model shows, as far as the record tells: for the list of what left. Since engine 4. Pure. */
import type { EgressFile, Outgoing } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import type { About } from '../gatekeeper/egress';
import { placeholdersIn, plainGate } from '../gatekeeper/gate';
import { own } from '../kernel/own';
import { parseCall } from '../tools/contracts';
import { nodeOf } from './nodes';
import type { ActiveRun, CallState } from './state';

/** What is known of a message that leaves; `sent` is it as it is sent. */
export function knownOf(run: ActiveRun, message: Outgoing, sent: string): About {
  const { engine } = run.origin.flags;
  // Before engine 4 what was taken out of a result before it came here was not counted.
  if (engine < 4) return { redactions: plainGate(engine).redact(textOf(message.content)).counts, files: [] };
  return { redactions: placeholdersIn(sent), files: filesOf(run, message) };
}

function filesOf(run: ActiveRun, message: Outgoing): readonly EgressFile[] {
  if (message.role === 'tool') return own(run.shown, message.call) ?? [];
  if (message.role !== 'user' || run.visit === null || run.agent?.turn !== 0) return [];
  const node = nodeOf(run, run.visit.id);
  const given = node.inputs.some((input) => own(run.notes, input)?.kind === 'context');
  return given ? (run.context?.files ?? []).map(({ path, lines }) => ({ path, lines })) : [];
}

/** What a call of the model has shown it, by the model's own id of the call. */
export function withShown(
  shown: ActiveRun['shown'],
  { request, facts, modelCall }: CallState,
  { data }: RunEvent<'tool.finished'>,
): ActiveRun['shown'] {
  if (modelCall === null || request.tool !== 'read_file' || data.outcome !== 'ok') return shown;
  const parsed = parseCall(request.tool, request.input);
  const path = facts.paths[0]?.inside;
  if (!parsed.ok || parsed.value.tool !== 'read_file' || path === null || path === undefined) return shown;
  const { from, to } = parsed.value.input;
  const lines: EgressFile['lines'] = from !== undefined && to !== undefined && to >= from ? [from, to] : null;
  return { ...shown, [modelCall]: [{ path, lines }] };
}
