/**
 * The project's own commands: written down in `.openexec/project.yaml`, else detected. Shown and frozen with a run; a
 * command that is not here cannot be run.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OpenExecError } from '../../core/kernel/errors';
import { parseYaml, problemLine } from '../../core/kernel/yaml';
import { PROJECT_COMMANDS, type ProjectCommands } from '../../core/policy/schema';
import { tokenizeCommand } from './commandLine';
import { DETECTORS, fileOf } from './detectors';

export const PROJECT_FILE = '.openexec/project.yaml';

const command = z.string().transform((line, context) => {
  const words = tokenizeCommand(line);
  if (words.ok) return words.value;
  context.addIssue(words.error);
  return z.NEVER;
});

const projectFile = z.strictObject({
  version: z.literal(1),
  commands: z.strictObject({
    lint: command.optional(),
    test: command.optional(),
    build: command.optional(),
    format: command.optional(),
  }),
});

/**
 * The commands of the project in a folder. The project file, when there is one, is the whole truth; a broken one is
 * `config_invalid` with line and column. Otherwise each command comes from the first kind of project that has it.
 */
export async function projectCommands(folder: string): Promise<ProjectCommands> {
  const text = await readIfThere(path.join(folder, PROJECT_FILE));
  return text === null ? detect(folder) : declared(text);
}

function declared(text: string): ProjectCommands {
  const parsed = parseYaml(text, projectFile);
  if (!parsed.ok) {
    const [problem] = parsed.error;
    const line = problem === undefined ? PROJECT_FILE : problemLine(PROJECT_FILE, problem);
    throw new OpenExecError('config_invalid', line);
  }
  const commands: ProjectCommands = {};
  for (const name of PROJECT_COMMANDS) {
    const argv = parsed.value.value.commands[name];
    if (argv !== undefined) commands[name] = { argv, source: PROJECT_FILE };
  }
  return commands;
}

async function detect(folder: string): Promise<ProjectCommands> {
  const commands: ProjectCommands = {};
  const names = new Set(await fs.readdir(folder));
  for (const detector of DETECTORS) {
    const file = fileOf(detector, names);
    const text = file === null ? null : await readIfThere(path.join(folder, file));
    if (file === null || text === null) continue;
    const found = detector.commands(text, names, file);
    for (const name of PROJECT_COMMANDS) {
      if (found[name] !== undefined && commands[name] === undefined) commands[name] = found[name];
    }
  }
  return commands;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw new OpenExecError('config_invalid', `${path.basename(file)} cannot be read (${String(code)})`, {
      cause: error,
    });
  }
}
