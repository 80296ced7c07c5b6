/** A row of what a person sees before a run starts. */
export type SummaryRow = {
  /** A heading, a choice (`zones` to `show`: of what may be changed of the plan), or something that is only said. */
  readonly kind: 'heading' | 'start' | 'edit' | 'back' | 'zones' | 'sensitivity' | 'excluded' | 'show' | 'said';
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
};
