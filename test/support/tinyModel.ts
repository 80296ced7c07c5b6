/**
 * A model of a few words, as anybody could have one: a pipeline of transformers.js for the classification of texts. Every
 * word adds to the scores of its labels; a label is likely when its words are in the text.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The words that the model knows, by its own labels. */
const WORDS = {
  BUG: ['crash', 'crashes', 'broken'],
  WISH: ['add', 'support'],
  SECRET: ['password', 'token'],
  SMASH: ['drop', 'wipe'],
} as const;

export type TinyLabel = keyof typeof WORDS;

/** Writes the model to a folder that is made for it; `labels` is what `openexec-labels.json` is to say. */
export async function writeTinyModel(folder: string, labels: unknown): Promise<void> {
  const names = Object.keys(WORDS) as TinyLabel[];
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...names.flatMap((name) => WORDS[name])];
  const rows = vocabulary.map((word) => names.map((name) => (WORDS[name].some((known) => known === word) ? 8 : 0)));
  const files = {
    'config.json': {
      model_type: 'bert',
      problem_type: 'multi_label_classification',
      id2label: Object.fromEntries(names.map((name, at) => [at, name])),
    },
    'tokenizer.json': tokenizer(vocabulary),
    'tokenizer_config.json': { tokenizer_class: 'BertTokenizer', model_max_length: 512, pad_token: '[PAD]' },
    'openexec-labels.json': labels,
  };
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  for (const [name, value] of Object.entries(files)) await writeFile(path.join(folder, name), JSON.stringify(value));
  await writeFile(path.join(folder, 'onnx', 'model.onnx'), graph(rows));
}

const tokenizer = (vocabulary: readonly string[]) => ({
  version: '1.0',
  added_tokens: vocabulary.slice(0, 4).map((content, id) => ({ id, content, special: true })),
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(vocabulary.map((word, at) => [word, at])),
  },
});

/** An ONNX graph: the sum over the rows of the tokens, less four. */
function graph(rows: readonly (readonly number[])[]): Buffer {
  const width = rows[0]?.length ?? 0;
  const nodes = [
    node('Gather', ['rows', 'input_ids'], 'each'),
    node('ReduceSum', ['each', 'axis'], 'sum', message(text(1, 'keepdims'), whole(3, 0), whole(20, 2))),
    node('Add', ['sum', 'bias'], 'logits'),
  ];
  const constants = [
    tensor('rows', 1, [rows.length, width], new Float32Array(rows.flat())),
    tensor('bias', 1, [width], new Float32Array(width).fill(-4)),
    tensor('axis', 7, [1], BigInt64Array.of(1n)),
  ];
  const body = message(
    ...nodes.map((each) => bytes(1, each)),
    text(2, 'tiny'),
    ...constants.map((each) => bytes(5, each)),
    bytes(11, value('input_ids', 7, ['batch', 'tokens'])),
    bytes(12, value('logits', 1, ['batch', width])),
  );
  return message(whole(1, 7), bytes(7, body), bytes(8, message(text(1, ''), whole(2, 13))));
}

/** The few words of protobuf that are needed; field numbers are those of onnx.proto3. */
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const text = (field: number, content: string): Buffer => bytes(field, Buffer.from(content));
const whole = (field: number, content: number): Buffer => Buffer.concat([varint(field * 8), varint(content)]);
const bytes = (field: number, content: Uint8Array): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);

function varint(number: number): Buffer {
  const digits: number[] = [];
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}

const node = (operation: string, inputs: readonly string[], output: string, attribute?: Buffer): Buffer =>
  message(
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(4, operation),
    ...(attribute === undefined ? [] : [bytes(5, attribute)]),
  );

const tensor = (name: string, type: number, shape: readonly number[], data: Float32Array | BigInt64Array): Buffer =>
  message(
    ...shape.map((size) => whole(1, size)),
    whole(2, type),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );

function value(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const sizes = shape.map((size) => bytes(1, typeof size === 'string' ? text(2, size) : whole(1, size)));
  return message(text(1, name), bytes(2, message(bytes(1, message(whole(1, type), bytes(2, message(...sizes)))))));
}
