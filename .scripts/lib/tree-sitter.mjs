/** How the runtime of tree-sitter is bundled into a CommonJS bundle whose dynamic imports become requires. */
import fs from 'node:fs';

/** It makes a `require` of its own out of an import, by which the name is not there yet when that import is a require. */
const OWN_REQUIRE =
  /const \{ createRequire \} = await import\("module"\);\s*var require = createRequire\(getCurrentScriptUrl\(\)\);/g;

/** An esbuild plugin; throws unless there is exactly the one place that is known. */
export const onTreeSitter = {
  name: 'tree-sitter-by-plain-require',
  setup({ onLoad }) {
    onLoad({ filter: /tree-sitter-wasm[\\/]wasm[\\/]tree-sitter\.js$/ }, ({ path: file }) => {
      const source = fs.readFileSync(file, 'utf8');
      const found = source.match(OWN_REQUIRE)?.length ?? 0;
      if (found !== 1)
        throw new Error(`tree-sitter's runtime makes its require otherwise than is known (found ${found})`);
      return { contents: source.replace(OWN_REQUIRE, ''), loader: 'js' };
    });
  },
};
