/**
 * Writes the network as an ONNX graph (opset 13), in the protobuf wire format, by hand: the few messages of onnx.proto3 that it
 * takes, with their field numbers. Inputs and output are those of `AutoModelForSequenceClassification`.
 */
import { KINDS } from '../../src/core/gatekeeper/features';
import { OUTPUTS } from './axes';
import type { Quantized } from './network';

type Bytes = Uint8Array;
const encoder = new TextEncoder();

/** Protobuf's numbers of variable length, seven bits a byte, the lowest first. */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

const number = (field: number, value: number): Bytes => Buffer.concat([varint(field * 8), varint(value)]);
const block = (field: number, bytes: Bytes): Bytes =>
  Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
const text = (field: number, value: string): Bytes => block(field, encoder.encode(value));
const message = (field: number, ...parts: readonly Bytes[]): Bytes => block(field, Buffer.concat(parts));

const TYPE = { float: 1, int8: 3, int64: 7 } as const;
type Type = keyof typeof TYPE;
type Data = Float32Array | Int8Array | BigInt64Array;

/** TensorProto in GraphProto.initializer; its raw data is little-endian, as typed arrays are on all that Node runs on. */
const constant = (name: string, type: Type, sizes: readonly number[], data: Data): Bytes =>
  message(
    5,
    ...sizes.map((size) => number(1, size)),
    number(2, TYPE[type]),
    text(8, name),
    block(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );

/** NodeProto in GraphProto.node; attributes are whole numbers. */
const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Record<string, number> = {},
): Bytes =>
  message(
    1,
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, `${output}_node`),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, text(1, name), number(3, value), number(20, 2))),
  );

/** ValueInfoProto in GraphProto.input (11) or .output (12); a size is a number or a name. */
const value = (field: number, name: string, type: Type, sizes: readonly (number | string)[]): Bytes => {
  const dimensions = sizes.map((size) => message(1, typeof size === 'number' ? number(1, size) : text(2, size)));
  return message(field, text(1, name), message(2, message(1, number(1, TYPE[type]), message(2, ...dimensions))));
};

/** The graph: rows of the features, each as often as it counts, summed. */
export function onnxOf({ bytes, scales }: Quantized, bias: Float32Array): Bytes {
  const kinds = Object.values(KINDS);
  const int64 = (name: string, ...values: readonly number[]): Bytes =>
    constant(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
  const graph = [
    // How much each feature counts: 1/√n, n the features of its kind that are not masked out.
    node('Unsqueeze', ['token_type_ids', 'two'], 'kind'),
    node('Equal', ['kind', 'kinds'], 'is_kind'),
    node('Cast', ['is_kind'], 'kind_mask', { to: TYPE.float }),
    node('Cast', ['attention_mask'], 'mask', { to: TYPE.float }),
    node('Unsqueeze', ['mask', 'two'], 'mask_column'),
    node('Mul', ['kind_mask', 'mask_column'], 'member'),
    node('ReduceSum', ['member', 'one'], 'count', { keepdims: 1 }),
    node('Max', ['count', 'least'], 'count_or_one'),
    node('Sqrt', ['count_or_one'], 'root'),
    node('Div', ['member', 'root'], 'share'),
    node('ReduceSum', ['share', 'two'], 'weight', { keepdims: 1 }),
    // The rows, in the unit of each row's scale.
    node('Gather', ['table', 'input_ids'], 'bytes'),
    node('Cast', ['bytes'], 'row', { to: TYPE.float }),
    node('Gather', ['scales', 'input_ids'], 'scale'),
    node('Mul', ['weight', 'scale'], 'factor'),
    node('Mul', ['row', 'factor'], 'part'),
    node('ReduceSum', ['part', 'one'], 'sum', { keepdims: 0 }),
    node('Add', ['sum', 'bias'], 'logits'),
    text(2, 'gatekeeper'),
    constant('table', 'int8', [scales.length, OUTPUTS], bytes),
    constant('scales', 'float', [scales.length, 1], scales),
    constant('bias', 'float', [OUTPUTS], bias),
    constant('least', 'float', [1], Float32Array.of(1)),
    constant('kinds', 'int64', [1, 1, kinds.length], BigInt64Array.from(kinds, BigInt)),
    int64('one', 1),
    int64('two', 2),
    ...['input_ids', 'attention_mask', 'token_type_ids'].map((name) => value(11, name, 'int64', ['texts', 'features'])),
    value(12, 'logits', 'float', ['texts', OUTPUTS]),
  ];
  // ModelProto: IR version 7, which is that of opset 13.
  const [ir, opset] = [7, 13];
  return Buffer.concat([
    number(1, ir),
    text(2, 'openexec'),
    message(7, ...graph),
    message(8, text(1, ''), number(2, opset)),
  ]);
}
