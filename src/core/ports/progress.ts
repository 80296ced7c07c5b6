/** What a long operation tells on its way, and how it is ended early. */
export type Progress = {
  /** An operation that is ended through it rejects with the code `cancelled`, and leaves nothing half done. */
  readonly signal?: AbortSignal;
  /** `total` is null as long as it is not known. */
  readonly onProgress?: (done: number, total: number | null) => void;
};
