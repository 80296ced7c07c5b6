/** Where things are in this repository. Builtins only: it is loaded before anything is installed. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const hostDir = path.join(root, 'test/host');
export const reportsDir = path.join(root, 'out/reports');
export const vsixPath = path.join(root, 'dist/openexec.vsix');
export const cliPath = path.join(root, 'dist/cli.js');
