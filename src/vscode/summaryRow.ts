/** A row of what a person sees before a run starts. */
export type SummaryRow = {
  /** A heading, a choice (`task` to `show`: of what may be changed), or something that is only said. */
  readonly kind:
    | 'heading'
    | 'start'
    | 'edit'
    | 'task'
    | 'blueprint'
    | 'model'
    | 'policy'
    | 'zones'
    | 'sensitivity'
    | 'excluded'
    | 'show'
    | 'said';
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
};
