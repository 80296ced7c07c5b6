/**
 * How @xenova/transformers is bundled: on onnxruntime's WASM backend alone, from its sources, for its own bundles embed
 * what is not needed here, or crash in Node.
 */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const runtime = path.join(root, 'node_modules/onnxruntime-web');

/** The one build of onnxruntime that is shipped: one thread, 128 bit wide instructions, which every machine of today has. */
export const WASM = { from: path.join(runtime, 'dist/ort-wasm-simd.wasm'), name: 'ort-wasm-simd.wasm' };

const HANDLER = /process\.on\("(?:uncaughtException|unhandledRejection)",\s*function\(\w+\)\s*\{[^{}]*\}\)/g;

/**
 * onnxruntime's glue without the handlers that it puts on the process: they throw again what any other part of the process
 * did not catch, which ends it. Throws unless there are exactly the two that are known.
 */
export function withoutProcessHandlers(source) {
  let found = 0;
  const stripped = source.replace(HANDLER, () => {
    found += 1;
    return 'void 0';
  });
  if (found !== 2 || /process\.(on|once|addListener|prependListener)\b/.test(stripped)) {
    throw new Error(
      `onnxruntime's glue puts other handlers on the process than the two that are known (found ${found})`,
    );
  }
  return stripped;
}

/**
 * The caller of the glue, so that it gives the glue a module which the thread has compiled ahead, if there is one
 * (src/node/gatekeeper/worker/wasmAhead.ts). Throws when there is not the one place for it that is known.
 */
export function withModuleAhead(source) {
  const [before, after, ...more] = source.split('const config = {');
  if (after === undefined || more.length > 0)
    throw new Error('onnxruntime calls its glue in another way than is known');
  return `${before}const config = { instantiateWasm: globalThis.openexecInstantiateWasm,${after}`;
}

const patched = {
  name: 'onnxruntime-in-a-thread',
  setup({ onLoad, onEnd }) {
    let files = 0;
    onLoad({ filter: /onnxruntime-web[\\/]lib[\\/]wasm[\\/]wasm-factory\.js$/ }, ({ path: file }) => ({
      contents: withModuleAhead(fs.readFileSync(file, 'utf8')),
      loader: 'js',
    }));
    onLoad({ filter: /onnxruntime-web[\\/]lib[\\/]wasm[\\/]binding[\\/][\w-]+\.js$/ }, ({ path: file }) => {
      files += 1;
      return { contents: withoutProcessHandlers(fs.readFileSync(file, 'utf8')), loader: 'js' };
    });
    onEnd(({ errors }) => {
      if (errors.length > 0 || files === 1) return null;
      return { errors: [{ text: `expected one file of onnxruntime's glue, found ${files}` }] };
    });
  },
};

/** What esbuild has to be told on top of the options of a bundle for Node. */
export const onOnnxruntime = {
  alias: {
    'onnxruntime-node': path.join(runtime, 'lib/index.js'),
    'onnxruntime-web': path.join(runtime, 'lib/index.js'),
  },
  banner: { js: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
  define: {
    navigator: 'undefined',
    'import.meta.url': '__importMetaUrl',
    'BUILD_DEFS.DISABLE_WEBGL': 'true',
    'BUILD_DEFS.DISABLE_WASM': 'false',
    'BUILD_DEFS.DISABLE_WASM_PROXY': 'true',
    'BUILD_DEFS.DISABLE_WASM_THREAD': 'true',
  },
  minify: true,
  plugins: [patched],
};
