/** Opens a folder in an installed desktop VS Code with the packed extension, in settings and extensions folders of its own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SETTINGS } from '../../test/host/settings.mjs';
import { fail } from './install.mjs';
import { vsixPath } from './paths.mjs';
import { run } from './run.mjs';

/** Returns when the window is closed. `code` on PATH is used, or the program that CODE names. */
export async function desktop(folder, about) {
  const program = process.env.CODE || 'code';
  const shell = process.platform === 'win32'; // `code` is a .cmd file there
  const quoted = (text) => (shell ? `"${text}"` : text);
  const code = (...args) => run(quoted(program), args.map(quoted), { shell, quiet: true });
  if ((await code('--version')).code !== 0) {
    fail(
      `${program} was not found; install VS Code with its command line, or set CODE to it, or use \`npm start\` alone`,
    );
  }
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'vd-'));
  process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  const user = path.join(dir, 'd/User');
  fs.mkdirSync(user, { recursive: true });
  fs.writeFileSync(
    path.join(user, 'settings.json'),
    JSON.stringify({ ...SETTINGS, 'workbench.reduceMotion': 'auto' }, null, 2),
  );
  const folders = ['--user-data-dir', path.join(dir, 'd'), '--extensions-dir', path.join(dir, 'e')];
  const installed = await code(...folders, '--install-extension', vsixPath);
  if (installed.code !== 0) fail(`the extension could not be installed:\n${installed.output}`);
  console.log(`\nOpenExec is opening in VS Code, on ${folder}`);
  for (const line of about) console.log(line);
  console.log('Close the window, or press Ctrl-C, to end it and to remove its temporary folders.');
  await code(...folders, '--new-window', '--wait', folder);
}
