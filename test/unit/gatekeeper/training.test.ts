/** The trainer: it learns, it is repeatable, and what it ships computes what it has learnt. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AutoModelForSequenceClassification, env, Tensor } from '@xenova/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTPUTS } from '../../../.gatekeeper/train/axes';
import { calibrated } from '../../../.gatekeeper/train/calibrate';
import { exampleOf } from '../../../.gatekeeper/train/crossValidate';
import { promptsOf, readDevelopmentSet } from '../../../.gatekeeper/train/dataset';
import { learn, RECIPE } from '../../../.gatekeeper/train/learn';
import { dequantize, type Network, outputsOf, quantize } from '../../../.gatekeeper/train/network';
import { onnxOf } from '../../../.gatekeeper/train/onnx';
import { featuresOf } from '../../../src/core/gatekeeper/features';
import { labelMapSchema } from '../../../src/core/gatekeeper/labels';

const root = path.resolve(import.meta.dirname, '../../..');
const shipped = path.join(root, 'media/gatekeeper');
const few = promptsOf(
  [
    'bugfix|backend|low||fix the crash on empty input',
    'question|none|low||why is the sky blue?',
    'operate|backend|high|d|drop the production database',
    'docs|none|low||write the readme',
  ].join('\n'),
  'few.psv',
);
const recipe = { ...RECIPE, networks: 1, epochs: 20 };

describe('training', () => {
  const network = learn(few.map(exampleOf), recipe);

  it('learns what it is shown', () => {
    for (const prompt of few) {
      const intents = [...outputsOf(network, featuresOf(prompt.text)).subarray(0, 8)];
      const best = intents.indexOf(Math.max(...intents));
      expect(['question', 'feature', 'bugfix', 'refactor', 'tests', 'docs', 'build', 'operate'][best]).toBe(
        prompt.intent,
      );
    }
  });

  it('gives the same bytes again, and others for another seed', () => {
    const bytes = (each: Network) => Buffer.from(onnxOf(quantize(each.table), each.bias));
    expect(bytes(learn(few.map(exampleOf), recipe)).equals(bytes(network))).toBe(true);
    expect(bytes(learn(few.map(exampleOf), { ...recipe, seed: 2 })).equals(bytes(network))).toBe(false);
  });

  it('calibrates what it predicts into a label map that the runtime accepts', () => {
    const predictions = few.map((prompt) => ({ prompt, outputs: outputsOf(network, featuresOf(prompt.text)) }));
    const labels = calibrated('a-model', predictions);
    expect(labelMapSchema.parse(labels)).toEqual(labels);
  });
});

describe('the graph', () => {
  let folder: string;
  const network = learn(few.map(exampleOf), recipe);
  const quantized = quantize(network.table);

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oe-graph-'));
    fs.mkdirSync(path.join(folder, 'made/onnx'), { recursive: true });
    fs.copyFileSync(path.join(shipped, 'config.json'), path.join(folder, 'made/config.json'));
    fs.writeFileSync(path.join(folder, 'made/onnx/model_quantized.onnx'), onnxOf(quantized, network.bias));
    Object.assign(env, { allowRemoteModels: false, localModelPath: `${folder}/`, useFSCache: false });
    Object.assign(env.backends.onnx.wasm, { numThreads: 1, proxy: false });
  });

  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('computes what the trainer computes with the quantized weights', async () => {
    const model = await AutoModelForSequenceClassification.from_pretrained('made', { quantized: true });
    const same = dequantize(quantized, network.bias);
    for (const { text } of [...few, ...readDevelopmentSet(path.join(root, '.gatekeeper/development.jsonl'))]) {
      const features = featuresOf(text);
      const { logits } = await model(inputsOf(features));
      const expected = outputsOf(same, features);
      expect([...logits.data]).toHaveLength(OUTPUTS);
      for (const [i, value] of [...logits.data].entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4);
    }
  });

  it('does not see what is masked out', async () => {
    const model = await AutoModelForSequenceClassification.from_pretrained('made', { quantized: true });
    const { ids, kinds } = featuresOf('drop it');
    const padded = { ids: [...ids, 0, 0], kinds: [...kinds, 0, 0] };
    const masked = { ...inputsOf(padded), attention_mask: row(padded.ids.map((id) => (id === 0 ? 0 : 1))) };
    const [whole, part] = [await model(inputsOf({ ids, kinds })), await model(masked)];
    expect([...part.logits.data]).toEqual([...whole.logits.data]);
  });
});

describe('the shipped model', () => {
  it('is what SHA256SUMS says, below 5 MB', () => {
    const lines = fs.readFileSync(path.join(shipped, 'SHA256SUMS'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(3);
    let size = 0;
    for (const line of lines) {
      const [sum, file = ''] = line.split('  ');
      const bytes = fs.readFileSync(path.join(shipped, file));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sum);
      size += bytes.length;
    }
    expect(size).toBeLessThan(5_000_000);
  });

  it('has a label map that the runtime accepts', () => {
    const labels: unknown = JSON.parse(fs.readFileSync(path.join(shipped, 'labels.json'), 'utf8'));
    expect(labelMapSchema.safeParse(labels).success).toBe(true);
  });
});

function row(values: readonly number[]) {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}

function inputsOf({ ids, kinds }: { readonly ids: readonly number[]; readonly kinds: readonly number[] }) {
  return { input_ids: row(ids), attention_mask: row(ids.map(() => 1)), token_type_ids: row(kinds) };
}
