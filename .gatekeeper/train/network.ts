/**
 * The network: each feature has a weight for each output, and a text's outputs are the weighted sum over its features. A
 * feature counts 1/√n, n being how many features of its kind the text has, so that long texts speak no louder than short ones.
 * What the ONNX graph of `onnx.ts` computes is computed here; a test holds the two together.
 */
import { KINDS } from '../../src/core/gatekeeper/features';
import { OUTPUTS } from './axes';

/** `table` is row by row, `OUTPUTS` numbers a row. */
export type Network = { readonly table: Float32Array; readonly bias: Float32Array };

/** Features of one text as `featuresOf` gives them. */
export type Features = { readonly ids: readonly number[]; readonly kinds: readonly number[] };

const KIND_COUNT = Object.keys(KINDS).length;

/** How much each feature of a text counts. */
export function weightsOf(kinds: readonly number[]): Float32Array {
  const counts = new Float32Array(KIND_COUNT);
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return Float32Array.from(kinds, (kind) => 1 / Math.sqrt(counts[kind] as number));
}

/** What the network makes of features. */
export function outputsOf({ table, bias }: Network, { ids, kinds }: Features): Float32Array {
  return summed(table, bias, ids, weightsOf(kinds));
}

/** The bias and the rows of the features, each as often as it counts. */
export function summed(
  table: Float32Array,
  bias: Float32Array,
  ids: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float32Array {
  const outputs = Float32Array.from(bias);
  for (let i = 0; i < ids.length; i += 1) {
    const at = (ids[i] as number) * OUTPUTS;
    const weight = weights[i] as number;
    for (let c = 0; c < OUTPUTS; c += 1) outputs[c] = (outputs[c] as number) + weight * (table[at + c] as number);
  }
  return outputs;
}

/** A table in one byte a number, with one scale a row. */
export type Quantized = { readonly bytes: Int8Array; readonly scales: Float32Array };

/** The nearest numbers that 127 steps to either side allow, the largest of a row being the last step. */
export function quantize(table: Float32Array): Quantized {
  const bytes = new Int8Array(table.length);
  const scales = new Float32Array(table.length / OUTPUTS);
  for (let row = 0; row < scales.length; row += 1) {
    const values = table.subarray(row * OUTPUTS, (row + 1) * OUTPUTS);
    const scale = Math.fround(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let c = 0; c < OUTPUTS; c += 1) bytes[row * OUTPUTS + c] = Math.round((values[c] as number) / scale);
  }
  return { bytes, scales };
}

/** The network that a quantized table stands for. */
export function dequantize({ bytes, scales }: Quantized, bias: Float32Array): Network {
  const table = Float32Array.from(bytes, (byte, i) => byte * (scales[Math.floor(i / OUTPUTS)] as number));
  return { table, bias };
}
