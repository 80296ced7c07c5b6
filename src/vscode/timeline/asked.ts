/** What a run's record says of the questions that are open: gathered event by event, in the order of the run. */
import type { DataOf, RunEvent } from '../../core/events/schema';

/** An open question, and what of the policy asks it; `asks` and `tool` are null where a node of the blueprint does. */
export type Asked = {
  readonly seq: number;
  readonly tool: string | null;
  readonly asks: {
    readonly seq: number;
    readonly rule: string;
    readonly layer: string;
    readonly reason: string;
  } | null;
  readonly data: DataOf<'approval.requested'>;
};

export class AskedSoFar {
  readonly #open = new Map<string, Asked>();
  /** The last decision that asks; the approval of its call comes next. */
  #decided: RunEvent<'policy.decided'> | null = null;
  #tree: string | null = null;

  take(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        this.#tree = event.data.workspace.baseTree;
        return;
      case 'tool.finished':
      case 'run.resumed':
        this.#tree = event.data.tree ?? this.#tree;
        return;
      case 'policy.decided':
        this.#decided = event.data.decision === 'ask' ? event : null;
        return;
      case 'approval.requested':
        this.#open.set(event.data.approval, this.#askedBy(event));
        return;
      case 'approval.resolved':
        this.#open.delete(event.data.approval);
        return;
      default:
        return;
    }
  }

  /** The open questions, in the order in which they were asked. */
  all(): Asked[] {
    return [...this.#open.values()];
  }

  of(approval: string): Asked | undefined {
    return this.#open.get(approval);
  }

  /** Object id of the tree that the run last stood at; null before its first event. */
  get tree(): string | null {
    return this.#tree;
  }

  #askedBy({ seq, data }: RunEvent<'approval.requested'>): Asked {
    const decided = this.#decided;
    if (decided === null || decided.data.call !== data.call) return { seq, tool: null, asks: null, data };
    const { rule, layer, reason, tool } = decided.data;
    return { seq, tool, asks: { seq: decided.seq, rule, layer, reason }, data };
  }
}
