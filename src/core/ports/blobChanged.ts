import { OpenExecError } from '../kernel/errors';

/** A blob whose bytes are there but are not those of its address; for whoever only reads it, it is as good as missing. */
export class BlobChanged extends OpenExecError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('blob_missing', message, options);
    this.name = 'BlobChanged';
  }
}
