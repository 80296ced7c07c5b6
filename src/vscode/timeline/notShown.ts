/** Why the content of a recorded version of a file cannot be shown. */
import type { FileVersion } from '../../core/events/parts';

/** The end of a sentence about a content that could not be read, in the words of the comparing editor. */
export const notShown = ({ kept }: FileVersion): string =>
  kept ? 'is no text, or its bytes are gone' : 'is not kept, because it holds what looks like a secret or is protected';
