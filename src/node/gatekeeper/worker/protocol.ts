/**
 * What the gatekeeper's classifier says to its worker thread and what the thread answers. Errors are values. Answers are
 * parsed; the thread itself takes from here types alone, for loading zod would take a tenth of the time to its first answer.
 */
import { z } from 'zod';

/** What the thread is started with: the model's folder, what is in it, and the folder of onnxruntime's wasm file. */
export type WorkerModel = {
  readonly folder: string;
  readonly wasmFolder: string;
  readonly kind: 'own' | 'pipeline';
  /** Which of the two graphs that such a folder may hold. */
  readonly quantized: boolean;
};

export type WorkerQuestion = { readonly id: number; readonly task: string };

const scores = z.array(z.strictObject({ label: z.string(), score: z.number() }));
export type Score = z.infer<typeof scores>[number];

const said = z.discriminatedUnion('kind', [
  /** Of our own model: all heads in one row. */
  z.strictObject({ kind: z.literal('logits'), logits: z.array(z.number()) }),
  /** Of anybody's pipeline: the probability of each of its labels. */
  z.strictObject({ kind: z.literal('scores'), scores }),
  /** The model could not be loaded or did not run; the message is one line. */
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);
export type Said = z.infer<typeof said>;

export const workerAnswer = z.strictObject({ id: z.number().int(), said });
export type WorkerAnswer = z.infer<typeof workerAnswer>;
