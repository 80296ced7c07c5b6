import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { onTreeSitter } from '../../../../.scripts/lib/tree-sitter.mjs';
import { temporaryFolder } from '../tools/harness';

const root = path.resolve(import.meta.dirname, '../../../..');

test('grammars work in a bundle as it ships, where imports are requires', async () => {
  const folder = temporaryFolder();
  const grammars = path.join(root, 'node_modules/@vscode/tree-sitter-wasm/wasm');
  const entry = path.join(folder, 'entry.ts');
  const text = "/*\nimport './no';\n*/\nimport './a';\n";
  fs.writeFileSync(
    entry,
    `import { grammarsIn } from ${JSON.stringify(path.join(root, 'src/node/retrieval/grammars'))};
    void grammarsIn(${JSON.stringify(grammars)})
      .outlineOf(${JSON.stringify(text)}, 'typescript')
      .then(({ imports }) => console.log(imports.map(({ from }) => from).join()));`,
  );
  const outfile = path.join(folder, 'bundle.cjs');
  const format = { bundle: true, platform: 'node', format: 'cjs', target: 'node20' } as const;
  const asShipped = {
    plugins: [onTreeSitter],
    supported: { 'dynamic-import': false },
    define: { navigator: 'undefined' },
  };
  await build({ ...format, ...asShipped, absWorkingDir: root, entryPoints: [entry], outfile, logLevel: 'error' });
  // By its lines the text in the comment would be an import as well.
  expect(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }).trim()).toBe('./a');
});
