/** The ripgrep that VS Code itself comes with. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

const NAME = process.platform === 'win32' ? 'rg.exe' : 'rg';
/** Where it has lain in the versions of VS Code so far. */
const PLACES = [
  ['node_modules', '@vscode', 'ripgrep', 'bin'],
  ['node_modules.asar.unpacked', '@vscode', 'ripgrep', 'bin'],
  ['node_modules', '@vscode', 'ripgrep-universal', 'bin', `${process.platform}-${process.arch}`],
  ['node_modules.asar.unpacked', '@vscode', 'ripgrep-universal', 'bin', `${process.platform}-${process.arch}`],
];

/** Its absolute path; null where this VS Code has it nowhere that is known. */
export function editorsRipgrep(): string | null {
  const candidates = PLACES.map((parts) => path.join(vscode.env.appRoot, ...parts, NAME));
  return candidates.find((file) => existsSync(file)) ?? null;
}
