/** A replay or verification of a run as the timeline shows it. */
import { z } from 'zod';

const count = z.number().int().nonnegative();

export const checkModeSchema = z.enum(['exact', 'verify']);
export type CheckMode = z.infer<typeof checkModeSchema>;

export const checkSchema = z.discriminatedUnion('state', [
  /** `total` is null while it is not known. */
  z.strictObject({ state: z.literal('running'), mode: checkModeSchema, done: count, total: count.nullable() }),
  z.strictObject({
    state: z.literal('ended'),
    mode: checkModeSchema,
    /** `good`: sound, or identical; `bad`: it is not; `none`: nothing was found out, for it could not run or was cancelled. */
    verdict: z.enum(['good', 'bad', 'none']),
    /** One line for a person. */
    words: z.string(),
    /** What was found, each at its event where it has one. */
    findings: z.array(z.strictObject({ seq: count.nullable(), words: z.string() })).max(100),
    /** What was not looked at, as loudly. */
    notChecked: z.array(z.string()).max(100),
    /** Where the replay first did otherwise. */
    divergence: z.strictObject({ seq: count, path: z.string(), recorded: z.string(), replayed: z.string() }).nullable(),
  }),
]);
export type Check = z.infer<typeof checkSchema>;
