/** Writes the pages of the reference, or checks that they are what would be written. Arguments: the repository, `--check`. */
import fs from 'node:fs';
import path from 'node:path';
import { PAGES } from './pages';

const [root = '.', ...args] = process.argv.slice(2);
for (const page of PAGES) {
  const { path: name, text } = page(root);
  const file = path.join(root, name);
  if (!args.includes('--check')) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  } else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name} is not up to date: npm run docs writes it anew\n`);
    process.exitCode = 1;
  }
}
