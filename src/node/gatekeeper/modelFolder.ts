/**
 * A folder with a model that @xenova/transformers can load. Ours has `labels.json`, which says what its logits mean;
 * anybody else's is a pipeline for the classification of texts, with `openexec-labels.json`.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { type LabelMap, labelMapSchema } from '../../core/gatekeeper/labels';
import { OpenExecError } from '../../core/kernel/errors';
import { type PipelineLabels, pipelineLabelsSchema } from './pipelineLabels';

const OURS = 'labels.json';
const THEIRS = 'openexec-labels.json';
const QUANTIZED = 'onnx/model_quantized.onnx';
const WHOLE = 'onnx/model.onnx';
const TOKENIZER = ['tokenizer.json', 'tokenizer_config.json'];

/** `files` are those that are read for an answer, relative, sorted; `quantized` says which of two graphs is among them. */
export type ModelFolder = { readonly quantized: boolean; readonly files: readonly string[] } & (
  | { readonly kind: 'own'; readonly labels: LabelMap }
  | { readonly kind: 'pipeline'; readonly labels: PipelineLabels }
);

/** What model a folder holds. Throws `config_invalid`, saying what is missing or wrong. */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const ours = await isThere(folder, OURS);
  if (!ours && !(await isThere(folder, THEIRS))) {
    throw new OpenExecError('config_invalid', `the folder ${folder} has no ${THEIRS} and so is no model`);
  }
  const quantized = await isThere(folder, QUANTIZED);
  const graph = quantized ? QUANTIZED : WHOLE;
  const files = ['config.json', graph, ...(ours ? [OURS] : [THEIRS, ...TOKENIZER])].sort();
  for (const file of files) {
    if (!(await isThere(folder, file))) {
      throw new OpenExecError('config_invalid', `the model in ${folder} has no ${file}`);
    }
  }
  if (ours) return { kind: 'own', quantized, files, labels: await parsed(folder, OURS, labelMapSchema) };
  return { kind: 'pipeline', quantized, files, labels: await parsed(folder, THEIRS, pipelineLabelsSchema) };
}

/**
 * The SHA-256 over a model: that of the lines which `sha256sum` prints for its files in their order. It can be checked by
 * hand: `sha256sum config.json labels.json onnx/model_quantized.onnx | sha256sum`.
 */
export async function hashOfModel(folder: string, { files }: ModelFolder): Promise<string> {
  const lines: string[] = [];
  for (const file of files) {
    const hash = createHash('sha256');
    // In pieces, for a large file at once would stall the window.
    for await (const piece of createReadStream(path.join(folder, file))) hash.update(piece);
    lines.push(`${hash.digest('hex')}  ${file}\n`);
  }
  return createHash('sha256').update(lines.join('')).digest('hex');
}

const isThere = async (folder: string, file: string): Promise<boolean> =>
  (await stat(path.join(folder, file)).catch(() => null))?.isFile() === true;

async function parsed<T>(folder: string, file: string, schema: z.ZodType<T>): Promise<T> {
  const name = path.join(folder, file);
  const refuse = (what: string, cause?: unknown): never => {
    throw new OpenExecError('config_invalid', `${name}: ${what}`, { cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(await readFile(name, 'utf8'));
  } catch (error) {
    return refuse('this is no JSON', error);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return refuse(issue === undefined ? 'this is no label map' : `${issue.path.join('.')}: ${issue.message}`);
}
