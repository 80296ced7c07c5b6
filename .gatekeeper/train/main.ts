/**
 * `npm run train:gatekeeper`: from `.gatekeeper/data` to `media/gatekeeper`. Seeded: the same data give the same bytes again.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AT, INTENTS, OUTPUTS, RISKS, SENSITIVITIES, SURFACES } from './axes';
import { calibrated } from './calibrate';
import { crossValidated, exampleOf } from './crossValidate';
import { readDataset, readDevelopmentSet } from './dataset';
import { type Ledger, withoutDuplicates } from './duplicates';
import { learn, RECIPE } from './learn';
import { quantize } from './network';
import { onnxOf } from './onnx';

const FEWEST_PROMPTS = 6000;
const ID = 'openexec-gatekeeper-1';
const FILES = ['config.json', 'labels.json', 'onnx/model_quantized.onnx'] as const;

const [, , root = '.'] = process.argv;
const own = path.join(root, '.gatekeeper');
const media = path.join(root, 'media/gatekeeper');

const ledger = withoutDuplicates(
  readDataset(path.join(own, 'data')),
  readDevelopmentSet(path.join(own, 'development.jsonl')),
);
const prompts = ledger.kept;
if (prompts.length < FEWEST_PROMPTS)
  throw new Error(`there are ${prompts.length} prompts, fewer than ${FEWEST_PROMPTS}`);

const labels = calibrated(ID, crossValidated(prompts, RECIPE));
const { table, bias } = learn(prompts.map(exampleOf), RECIPE);
const names = [...INTENTS, ...SURFACES, ...SENSITIVITIES, ...RISKS];
const config = {
  model_type: 'bert',
  architectures: ['BertForSequenceClassification'],
  id2label: Object.fromEntries(names.map((name, i) => [i, name])),
  num_labels: OUTPUTS,
};

fs.mkdirSync(path.join(media, 'onnx'), { recursive: true });
write('config.json', json(config));
write('labels.json', json(labels));
write('onnx/model_quantized.onnx', onnxOf(quantize(table), bias));
const sums = FILES.map((file) => `${sha256(path.join(media, file))}  ${file}\n`);
write('SHA256SUMS', sums.join(''));
fs.writeFileSync(path.join(own, 'ledger.json'), json(toldOf(ledger)));
console.log(`trained on ${prompts.length} prompts; media/gatekeeper:\n${sums.join('')}`);

function write(file: string, content: string | Uint8Array): void {
  fs.writeFileSync(path.join(media, file), content);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function sha256(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** What was kept and what was removed, and how often each label stands for what was kept. */
function toldOf({ kept, nearDevelopment, nearAnother }: Ledger) {
  const counted = (labelsOf: (prompt: (typeof kept)[number]) => readonly string[], all: readonly string[]) =>
    Object.fromEntries(all.map((label) => [label, kept.filter((prompt) => labelsOf(prompt).includes(label)).length]));
  const removed = (list: Ledger['nearAnother']) =>
    list.map(({ prompt, near, likeness }) => `${prompt.where} ~ ${near.where} ${likeness.toFixed(2)}`);
  return {
    read: kept.length + nearDevelopment.length + nearAnother.length,
    kept: kept.length,
    onlyIntent: kept.filter(({ only }) => only !== undefined).length,
    nearDevelopment: removed(nearDevelopment),
    nearAnother: removed(nearAnother),
    intent: counted(({ intent }) => [intent], names.slice(AT.intent, AT.surface)),
    surface: counted(({ only, surface }) => (only ? [] : [surface]), names.slice(AT.surface, AT.sensitivity)),
    sensitivity: counted(({ only, sensitivity }) => (only ? [] : [sensitivity]), names.slice(AT.sensitivity, AT.risk)),
    risk: counted(({ only, risk }) => (only ? [] : risk), names.slice(AT.risk)),
  };
}
