/** One thing that is looked at. */
import { messageOf } from '../../core/kernel/errors';

export type Check = {
  readonly name: string;
  readonly ok: boolean;
  /** One line: what was found; where it is not fine, what to do as well. */
  readonly detail: string;
};

/** What a look has found. */
export type Found = { readonly ok: boolean; readonly detail: string };

export const fine = (detail: string): Found => ({ ok: true, detail });
export const wrong = (detail: string): Found => ({ ok: false, detail });

/** A check by its name; what is thrown is what was found, with what it says to do. Never rejects. */
export async function check(name: string, look: () => Promise<Found>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error) };
  }
}
