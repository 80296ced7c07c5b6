/** The local model of a window or a command: the one that OpenExec comes with, unless another is named. */
import path from 'node:path';
import { type LocalClassifier, openClassifier } from './classifier';

/** For a command: it asks at its beginning, and each process that it starts afterwards pays for the memory that is held. */
export const SOON_MS = 500;

/**
 * Opens the classifier over `folder`, or over the shipped model when that is empty. `assets` holds `media` and `dist`; `idleMs` is as
 * in `ClassifierOptions`.
 */
export function classifierOf(assets: string, folder = '', idleMs?: number): LocalClassifier {
  const wasmFolder = path.join(assets, 'dist');
  return openClassifier({
    folder: folder === '' ? path.join(assets, 'media', 'gatekeeper') : path.resolve(folder),
    workerPath: path.join(wasmFolder, 'gatekeeper-worker.js'),
    wasmFolder,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
}
