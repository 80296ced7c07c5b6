/** What the graph view shows of a blueprint: the one that a run was started with, or one in a file. Pure. */
import { worstCase } from '../../core/blueprint/bound';
import { graphOf } from '../../core/blueprint/graph';
import { inspectBlueprint } from '../../core/blueprint/inspect';
import { blueprintSchema } from '../../core/blueprint/schema';
import { textOf } from '../../core/events/payload';
import type { RunEvent } from '../../core/events/schema';
import { type Locate, parseYaml, problemLine } from '../../core/kernel/yaml';
import { REPLY_TOKENS, REQUESTS_PER_TURN } from '../../core/run/limits';
import type { Picture } from '../../protocol/graph';
import type { BlueprintFacts } from '../blueprints/inspection';

/** The blueprint as it is recorded, with the bound that was computed then. Payloads must be inline. */
export function recordedPicture({ data }: RunEvent<'run.started'>): Picture {
  const parsed = blueprintSchema.safeParse(jsonOf(textOf(data.blueprint.definition)));
  if (parsed.success) return { graph: graphOf(parsed.data), bound: data.bound, problems: [] };
  const problem = `The blueprint ${data.blueprint.id} of this run is recorded in a form that this version cannot draw.`;
  return { graph: null, bound: data.bound, problems: [problem] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A blueprint file as it is written; `locate` says where its members stand. What cannot be proven to end is drawn all the
 * same, with its problems, so that one sees where they are.
 */
export function filePicture(
  text: string,
  file: string,
  { known, priceOf }: BlueprintFacts,
): { picture: Picture; locate: Locate } {
  const { blueprint, problems, locate } = inspectBlueprint(text, known);
  const lines = problems.map((problem) => problemLine(file, problem));
  if (blueprint === null) {
    const parsed = parseYaml(text, blueprintSchema);
    return { picture: { graph: parsed.ok ? graphOf(parsed.value.value) : null, bound: null, problems: lines }, locate };
  }
  const limits = { requestsPerTurn: REQUESTS_PER_TURN, replyTokens: REPLY_TOKENS, price: priceOf(blueprint) };
  const bound = worstCase(blueprint, limits);
  const all = bound.ok ? lines : [...lines, `${file}: ${bound.error}`];
  return { picture: { graph: graphOf(blueprint), bound: bound.ok ? bound.value : null, problems: all }, locate };
}
