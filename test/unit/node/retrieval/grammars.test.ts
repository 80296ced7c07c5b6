import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../../../src/core/retrieval/languages';
import { grammarsIn } from '../../../../src/node/retrieval/grammars';
import { temporaryFolder } from '../tools/harness';

const SHIPPED = path.resolve(import.meta.dirname, '../../../../node_modules/@vscode/tree-sitter-wasm/wasm');

const SAMPLES: readonly [Language, string, readonly string[], readonly string[]][] = [
  [
    'javascript',
    "// import x from './no';\nimport a from './a';\nconst b = require('./b');\nclass Cart {\n  total() {}\n}\n",
    ['./a', './b'],
    ['Cart', 'total'],
  ],
  [
    'typescript',
    "const no = `import x from './no'`;\nimport {\n  a,\n} from './a';\nexport interface Cart {}\nfunction total(): void {}\n",
    ['./a'],
    ['Cart', 'total'],
  ],
  ['tsx', "export { a } from './a';\nexport function View() {\n  return <b />;\n}\n", ['./a'], ['View']],
  ['python', '"""\nimport no\n"""\nfrom .a import b\n\n@memo\ndef total():\n    pass\n', ['.a'], ['total']],
  ['go', 'package x\nimport (\n\t"a/b"\n)\nfunc Total() {}\nvar s = `\n"no"\n`\n', ['a/b'], ['Total']],
  ['java', '/*\nimport no.No;\n*/\nimport a.B;\nclass Cart {\n  void total() {}\n}\n', ['a.B'], ['Cart', 'total']],
  ['rust', 'use crate::a::B;\nmod c;\nfn total() {}\n', ['crate::a::B', 'c'], ['total']],
  ['cpp', '#include "a.h"\n/*\n#include "no.h"\n*/\nclass Cart { };\n', ['a.h'], ['Cart']],
  ['c-sharp', 'using A.B;\nclass Cart {\n  void Total() {}\n}\n', ['A.B'], ['Cart', 'Total']],
  ['ruby', "require 'a'\nrequire_relative 'b'\nclass Cart\n  def total\n  end\nend\n", ['a', 'b'], ['Cart', 'total']],
  ['php', "<?php\nuse A\\B;\nrequire_once 'c.php';\nfunction total() {}\n", ['A\\B', 'c.php'], ['total']],
];

describe('a grammar', () => {
  test.each(SAMPLES)('of %s tells imports from what looks like them, and finds what is defined', async (...sample) => {
    const [language, text, imports, names] = sample;
    const outline = await grammarsIn(SHIPPED).outlineOf(text, language);
    expect(outline.imports.map(({ from }) => from)).toEqual(imports);
    expect(outline.blocks.map(({ name }) => name)).toEqual(expect.arrayContaining([...names]));
  });

  test('takes the comment above a function for a part of it', async () => {
    const text = 'const a = 1;\n\n/** Rounds. */\nexport function total() {\n}\n';
    const { blocks } = await grammarsIn(SHIPPED).outlineOf(text, 'typescript');
    expect(blocks).toContainEqual({ name: '', from: 3, to: 5 });
  });

  test('that is missing or broken leaves the file to be read by its lines', async () => {
    const text = "import { total } from './a';\n\nfunction total() {}\n";
    const byLines = {
      imports: [{ from: './a', names: ['total'] }],
      blocks: [
        { name: '', from: 1, to: 1 },
        { name: '', from: 3, to: 3 },
      ],
    };
    expect(await grammarsIn(null).outlineOf(text, 'typescript')).toEqual(byLines);
    expect(await grammarsIn(temporaryFolder()).outlineOf(text, 'typescript')).toEqual(byLines);
    const broken = temporaryFolder();
    fs.copyFileSync(path.join(SHIPPED, 'tree-sitter.wasm'), path.join(broken, 'tree-sitter.wasm'));
    fs.writeFileSync(path.join(broken, 'tree-sitter-typescript.wasm'), 'not wasm');
    expect(await grammarsIn(broken).outlineOf(text, 'typescript')).toEqual(byLines);
  });
});
