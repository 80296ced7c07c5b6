/**
 * The same suite under a desktop VS Code, for machines that have one (VSCODE_EXECUTABLE) or can download it
 * (OPENEXEC_VSCODE: `stable`, `insiders` or a version; stable when it is not set).
 * Its one argument is the folder to open; `npm test -- electron` makes a fresh copy of the sample project and calls this.
 */
import * as path from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = path.resolve(__dirname, '../../..');
const folder = process.argv[2];
const executable = process.env.VSCODE_EXECUTABLE;
const version = process.env.OPENEXEC_VSCODE;

async function main(): Promise<number> {
  if (folder === undefined) throw new Error('usage: runElectron.js FOLDER');
  return runTests({
    ...(executable ? { vscodeExecutablePath: executable } : version ? { version } : {}),
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out/test/host/index.js'),
    launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
