/**
 * `npm run eval:gatekeeper`: how good the shipped model is, the rules alone, and both; on the development set, by the runtime
 * as it ships, and by cross-validation over the data set (`--quick` leaves that out). `--mistakes` lists what went wrong.
 */
import fs from 'node:fs';
import path from 'node:path';
import { classificationOf, labelMapSchema } from '../../src/core/gatekeeper/labels';
import { openClassifier } from '../../src/node/gatekeeper/classifier';
import { crossValidated } from '../train/crossValidate';
import { readDataset, readDevelopmentSet } from '../train/dataset';
import { withoutDuplicates } from '../train/duplicates';
import { RECIPE } from '../train/learn';
import { median } from './metrics';
import { type Judged, reportOf } from './report';

const [, , root = '.', ...rest] = process.argv;
const built = rest.at(-1) ?? '.';
const own = path.join(root, '.gatekeeper');
const folder = path.join(root, 'media/gatekeeper');
const development = readDevelopmentSet(path.join(own, 'development.jsonl'));

const judged = await byRuntime();
console.log(reportOf('development set', judged));
if (rest.includes('--mistakes')) {
  for (const { prompt, model } of judged) {
    if (prompt.intent === model.intent) continue;
    console.log(`${prompt.where} ${prompt.intent} → ${model.intent} ${model.confidence}: ${prompt.text.slice(0, 100)}`);
  }
}
if (!rest.includes('--quick')) {
  const { kept } = withoutDuplicates(readDataset(path.join(own, 'data')), development);
  const labels = labelMapSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, 'labels.json'), 'utf8')));
  const predicted = crossValidated(kept, RECIPE).map(({ prompt, outputs }) => ({
    prompt,
    model: classificationOf([...outputs], labels),
  }));
  console.log(`\n${reportOf('cross-validation', predicted)}`);
}

/** Each development prompt by the model as it ships, in its worker; with what that takes. */
async function byRuntime(): Promise<Judged[]> {
  const start = performance.now();
  const classifier = openClassifier({
    folder,
    workerPath: path.join(built, 'gatekeeper-worker.js'),
    wasmFolder: built,
  });
  await classifier.classify('warm up');
  const cold = performance.now() - start;
  const took: number[] = [];
  const found: Judged[] = [];
  for (const prompt of development) {
    const asked = performance.now();
    const { classification, problem } = await classifier.classify(prompt.text);
    took.push(performance.now() - asked);
    if (classification === null) throw new Error(problem ?? 'the model gave no answer');
    found.push({ prompt, model: classification });
  }
  await classifier.close();
  console.log(`latency: first answer after ${cold.toFixed(0)} ms, then ${median(took).toFixed(2)} ms (median)\n`);
  return found;
}
