/**
 * Runs out/test/host/index.js (mocha) inside the extension host, on a fresh copy of the sample project, and prints one line
 * per test. Mocha's results also go to $OPENEXEC_MOCHA_REPORT when set; $OPENEXEC_MOCHA_GREP picks tests by name; HOST_DEBUG
 * prints the host's console as it comes; the rest of the environment is passed through. The exit code is the suite's.
 */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { makeSampleWorkspace, removeSampleWorkspace } from '../support/sample-workspace.mjs';
import { here, launch, newPage, root, startHost } from './lib.mjs';

const TIMEOUT_MS = Number(process.env.HOST_TIMEOUT ?? 300_000);

process.exitCode = await main();

async function main() {
  const kept = process.env.OPENEXEC_MOCHA_REPORT;
  const reportDir = fs.mkdtempSync(path.join(os.tmpdir(), 'rep-'));
  const report = kept ?? path.join(reportDir, 'mocha.json');
  fs.rmSync(report, { force: true });
  const workspace = makeSampleWorkspace();
  const [proxy, server] = [await freePort(), await freePort()];
  const ports = { OPENEXEC_TEST_PROXY: String(proxy), OPENEXEC_TEST_SERVER: String(server) };
  const host = await startHost({
    devMode: true,
    env: { OPENEXEC_MOCHA_REPORT: report, ...ports },
    unpacked: [path.join(here, 'models')],
    settings: { 'http.proxy': `http://127.0.0.1:${proxy}` },
  });
  writeMachineSettings(host);
  const browser = await launch();
  try {
    const { code, said } = await runInPage(await newPage(browser), host, workspace);
    if (printReport(report)) return code;
    console.error(`no report: the suite did not run\n${said}\n${host.log()}`);
    return 1;
  } finally {
    await browser.close();
    await host.stop();
    removeSampleWorkspace(workspace);
    fs.rmSync(reportDir, { recursive: true, force: true });
  }
}

async function runInPage(page, host, workspace) {
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  // The workbench calls these two: the first with the result of run(), the second with the extension host's console.
  await page.exposeFunction('codeAutomationExit', (code) => finish(code));
  const said = [];
  await page.exposeFunction('codeAutomationLog', (_type, args) => {
    said.push(args.join(' '));
    if (process.env.HOST_DEBUG) console.log(...args);
  });
  await page.goto(host.url({ folder: workspace, dev: [root], tests: path.join(root, 'out/test/host/index.js') }));
  const timer = setTimeout(() => finish('timeout'), TIMEOUT_MS);
  const code = await finished;
  clearTimeout(timer);
  if (code === 'timeout') console.error(`the suite did not end within ${TIMEOUT_MS} ms`);
  return { code: code === 'timeout' ? 1 : code, said: said.join('\n') };
}

/** Settings of the machine, which neither a folder nor, in a remote window, the user can set: a server behind the proxy. */
function writeMachineSettings(host) {
  const machine = path.join(host.userDataDir, 'Machine');
  fs.mkdirSync(machine, { recursive: true });
  const servers = { gateway: { protocol: 'chat', baseUrl: 'http://models.openexec.test/v1', headers: ['X-Team'] } };
  fs.writeFileSync(path.join(machine, 'settings.json'), JSON.stringify({ 'openexec.models': servers }));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function printReport(file) {
  if (!fs.existsSync(file)) return false;
  const { stats, results } = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const { state, title, error } of results) console.log(state === 'passed' ? 'ok' : state, title, error ?? '');
  console.log(`in the host: ${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`);
  return true;
}
