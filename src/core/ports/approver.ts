/** Who says yes or no to what the policy leaves to a person. */
export type ApprovalRequest = {
  readonly approval: string;
  readonly title: string;
  /** The exact arguments, or the diff, that the approval is bound to. */
  readonly detail: string;
  readonly snapshot: string;
  /** True when `detail` is the JSON text of a call's arguments, which the person may change. */
  readonly editable: boolean;
};

export type ApprovalVerdict =
  | {
      readonly kind: 'resolved';
      readonly verdict: 'approved' | 'rejected';
      readonly by: string;
      readonly reason: string;
      /** With `approved`, and only where the request is editable: the arguments as the person wants them. */
      readonly edited?: string;
    }
  /** Nobody can answer (no window, no terminal): the run pauses. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface Approver {
  /** Resolves with the verdict; when the signal aborts, with `unavailable`. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalVerdict>;
}
