/** Building and packing the product, for the scripts that need it ready. Builtins only: it may be imported before an install. */
import path from 'node:path';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const script = async (name) =>
  (await run(process.execPath, [path.join(root, '.scripts', name)], { cwd: root })).code === 0;

/** Whether the bundles of dist/ could be made; errors are on the terminal. */
export const build = () => script('build.mjs');

/** Whether the mocha suite of out/test/host could be made. */
export const buildHostSuite = () => script('build-tests.mjs');

/** Whether dist/openexec.vsix could be packed. */
export const pack = () => script('package.mjs');
