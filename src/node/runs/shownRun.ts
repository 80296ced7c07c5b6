/**
 * What a person agrees to with the start of a run, apart from its task, its plan and the project's commands: that it is decided by
 * the policy, goes by the blueprint, holds the tools and asks the model that they were shown.
 */

import { OpenExecError } from '../../core/kernel/errors';
import { canonicalize } from '../../core/kernel/json';
import type { Snapshot } from '../../core/policy/schema';
import type { ModelId } from '../../core/ports/model';
import { sha256 } from '../system/sha256';

/** The SHA-256 of the canonical JSON of all of it. What a started MCP server tells is not in it: it has pins of its own. */
export const hashOfShown = (
  { policy, source, layers, toolset, toolsets, blueprint }: Snapshot,
  model: ModelId,
): string =>
  sha256(
    canonicalize({
      ...{ policy, source: source ?? '', layers: layers ?? [], toolset, toolsets: toolsets ?? {} },
      ...{ blueprint, model },
    }),
  );

/** Throws `config_invalid` when it is not what was shown; `shown` is left out where nobody was asked. */
export function refuseOther(now: string, shown: string | undefined): void {
  if (shown === undefined || shown === now) return;
  const what = 'The model, the policy, the blueprint or a toolset of the run has changed since it was shown';
  throw new OpenExecError('config_invalid', `${what}. Start the run again and look at it.`);
}
