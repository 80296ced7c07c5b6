/** Who says yes or no to what the policy leaves to a person. */
export type ApprovalRequest = {
  readonly approval: string;
  readonly title: string;
  /** The exact arguments, or the diff, that the approval is bound to. */
  readonly detail: string;
  readonly snapshot: string;
  /** True when `detail` is the JSON text of a call's arguments, which the person may change. */
  readonly editable: boolean;
  /** True when the answer may stand for every call like this one in the run. */
  readonly repeatable?: boolean;
  /** True when the model asks something: `title` is its question, and the `reason` of an approval is the answer. */
  readonly question?: boolean;
  /** True when the question is what of the repository may be sent: `detail` is the JSON text of a `ContextQuestion`. */
  readonly context?: boolean;
  /** The tool and what of the policy asks, for what shows the question; left out for a node of the blueprint. */
  readonly tool?: string;
};

export type ApprovalVerdict =
  | {
      readonly kind: 'resolved';
      readonly verdict: 'approved' | 'rejected';
      readonly by: string;
      readonly reason: string;
      /** With `approved`, and only where the request is editable: the arguments as the person wants them. */
      readonly edited?: string;
      /** With `approved`, and only where the request is repeatable. */
      readonly scope?: 'once' | 'run';
      /** With `approved` of a question about the context: the files that are to be left out. */
      readonly leftOut?: readonly string[];
    }
  /** Nobody can answer (no window, no terminal): the run pauses. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface Approver {
  /** Resolves with the verdict; when the signal aborts, with `unavailable`. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalVerdict>;
}
