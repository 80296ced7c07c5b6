/** What a model is told in the middle of its work, besides the results of its calls. */
import { oneLine } from '../kernel/text';

/** What the model is told when its last reply did not hold the result. */
export const reaskMessage = (missing: string): string => `The step is not finished: ${oneLine(missing)}.`;

/** What the model is told when its last reply held nothing at all; `missing` is what the result still lacks, where it lacks something. */
export const emptyMessage = (missing: string | null): string =>
  missing === null
    ? 'The last reply was empty. Go on with the step, or say in one sentence that it is finished.'
    : `The last reply was empty. ${reaskMessage(missing)}`;

/** What stands before the result of a call whose arguments a person changed. */
export const editedNote = (input: string): string =>
  `[a person changed the arguments of this call to ${oneLine(input, 2000)}]`;

/** What stands in place of the rest of an old result that was shortened. */
export const shortenedNote = (more: number): string =>
  `[shortened: ${more} more characters; call the tool again if they are needed]`;
