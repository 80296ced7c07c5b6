// code-server's own postinstall builds native modules (kerberos needs krb5 headers and tries GitHub first);
// none of them is needed for `--auth none` tests, so: install the workbench's JS dependencies without scripts.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const vs = path.join(here, 'node_modules/code-server/lib/vscode');
const version = JSON.parse(fs.readFileSync(path.join(vs, '../../package.json'), 'utf8')).version;
const stamp = path.join(vs, '.host-ready');
if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === version) process.exit(0);
for (const dir of [vs, path.join(vs, 'extensions')]) {
  execFileSync(
    'npm',
    ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'],
    { cwd: dir, stdio: 'inherit', shell: process.platform === 'win32' },
  );
}
// what postinstall.sh would have linked
for (const [dir, from, to] of [
  ['remote-cli', 'code-linux.sh', 'code-server'],
  ['helpers', 'browser-linux.sh', 'browser.sh'],
]) {
  const at = path.join(vs, 'bin', dir, to);
  if (process.platform !== 'win32' && !fs.existsSync(at))
    fs.symlinkSync(process.platform === 'darwin' ? from.replace('linux', 'darwin') : from, at);
}
// Two native modules are loaded (and missed, noisily) by the server and the extension host; plain-JS stand-ins, no compiler.
fs.writeFileSync(
  path.join(vs, 'node_modules/@vscode/spdlog/index.js'),
  `const fs = require('node:fs'), path = require('node:path');
class Logger {
  constructor(type, name, file) { this.file = file; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  put(l, m) { try { fs.appendFileSync(this.file, new Date().toISOString() + ' [' + l + '] ' + m + '\\n'); } catch {} }
  setLevel() {} setPattern() {} clearFormatters() {} flush() {} drop() {}
}
for (const l of ['trace', 'debug', 'info', 'warn', 'error', 'critical']) Logger.prototype[l] = function (m) { this.put(l, m); };
exports.version = 0; exports.setLevel = exports.setFlushOn = () => {}; exports.Logger = Logger;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (name, file) => new Logger('', name, file);
`,
);
fs.writeFileSync(
  path.join(vs, 'node_modules/@vscode/native-watchdog/index.js'),
  `exports.start = () => {}; exports.exit = c => process.exit(c || 0);
`,
);
// never used by the tests; ~215 MB
if (process.env.HOST_KEEP_ALL !== '1')
  for (const d of ['node_modules/@github', 'node_modules/@microsoft/mxc-sdk'])
    fs.rmSync(path.join(vs, d), { recursive: true, force: true });
fs.writeFileSync(stamp, version);
