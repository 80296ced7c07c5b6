/** Which runs the models of a chat are never told about: those that were to stay on this machine. */
import type { RunEvent } from '../../core/events/schema';
import type { ListedRun, Runs } from '../runs';

/** What is known of the record up to an event. */
type Known = { readonly head: string; readonly kept: boolean };

export class KeptHere {
  readonly #runs: Pick<Runs, 'events'>;
  readonly #known = new Map<string, Known>();

  constructor(runs: Pick<Runs, 'events'>) {
    this.#runs = runs;
  }

  /**
   * True when the plan of the run keeps it on this machine, when it has met highly sensitive data since, and when its record
   * says nothing of a plan.
   */
  async isKept({ runId, head }: ListedRun): Promise<boolean> {
    const known = this.#known.get(runId);
    if (known?.head === head) return known.kept;
    const kept = await this.#read(runId);
    this.#known.set(runId, { head, kept });
    return kept;
  }

  async #read(runId: string): Promise<boolean> {
    let planned = false;
    for await (const event of this.#runs.events(runId, 0)) {
      if (isSensitive(event)) return true;
      planned ||= event.type === 'plan.accepted';
    }
    return !planned;
  }
}

function isSensitive({ type, data }: RunEvent): boolean {
  switch (type) {
    case 'plan.proposed':
    case 'plan.accepted':
      return data.plan.route !== 'cloud' || data.plan.sensitivity === 'high';
    case 'sensitivity.raised':
      return data.to === 'high';
    default:
      return false;
  }
}
