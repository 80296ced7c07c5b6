/** The licences of what is bundled, as their authors ask: one text beside the bundles. */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** Files that ship as they are, with the packages that they come from. */
const COPIED = ['node_modules/sql.js', 'node_modules/onnxruntime-web', 'node_modules/@vscode/tree-sitter-wasm'];
const PACKAGE = /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;

/** The text for everything that went into these bundles, by their metafiles; packages in the order of their names. */
export function noticesOf(metafiles) {
  const folders = new Set(COPIED);
  for (const { inputs } of metafiles)
    for (const file of Object.keys(inputs)) {
      const folder = PACKAGE.exec(file.replaceAll('\\', '/'))?.[1];
      if (folder !== undefined) folders.add(folder);
    }
  const parts = new Map([...folders].map(partOf));
  const text = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
  return `OpenExec is made with the packages below; each keeps its own licence.\n\n${text.join('\n')}`;
}

function partOf(folder) {
  const place = path.join(root, folder);
  const { name, version, license, author, repository } = JSON.parse(
    fs.readFileSync(path.join(place, 'package.json'), 'utf8'),
  );
  const files = fs
    .readdirSync(place)
    .filter((file) => LICENCE.test(file) && fs.statSync(path.join(place, file)).isFile());
  const texts = files.sort().map((file) => fs.readFileSync(path.join(place, file), 'utf8').trim());
  if (texts.length === 0) {
    const by = typeof author === 'object' ? author.name : author;
    const from = typeof repository === 'object' ? repository.url : repository;
    texts.push(`The package brings no text of its licence, ${license}. By ${by ?? 'its authors'}, ${from ?? name}`);
  }
  const title = `${name} ${version} (${license ?? 'see its text'})`;
  return [title, `${'='.repeat(title.length)}\n${title}\n${'='.repeat(title.length)}\n\n${texts.join('\n\n')}\n`];
}
