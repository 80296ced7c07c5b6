/** The time of a node as a limit on each of its calls, whatever they do: what is under way is really ended. */
import type { Toolbox } from '../../core/ports/toolbox';

/** A command ends itself at the limit and says what it had printed; it is given this long to do so. */
const GRACE_MS = 2000;

/** The toolbox with every call ended at its limit; a call that was ended so has the outcome `timeout`. */
export function withTimeLimit(toolbox: Toolbox): Toolbox {
  return {
    facts: (request) => toolbox.facts(request),
    async execute(request, facts, signal) {
      const { limitMs, tool } = request;
      if (limitMs === undefined) return toolbox.execute(request, facts, signal);
      const grace = tool === 'run_command' || tool === 'run_project_command' ? GRACE_MS : 0;
      const late = AbortSignal.timeout(Math.ceil(limitMs + grace));
      const result = await toolbox.execute(request, facts, AbortSignal.any([signal, late]));
      if (result.outcome !== 'cancelled' || signal.aborted) return result;
      const output = `ended after ${limitMs / 1000} s, what was left of the time of the step`;
      return { ...result, outcome: 'timeout', output };
    },
  };
}
