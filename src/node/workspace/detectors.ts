/**
 * Kinds of projects, a table: the file that gives one away, and the commands it stands for. Pure; the first entry that
 * has a command wins.
 */
import { z } from 'zod';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import { PROJECT_COMMANDS, type ProjectCommandName, type ProjectCommands } from '../../core/policy/schema';

type Detector = {
  /** At the root of the repository. */
  readonly file: string;
  /** `names`: what else is at the root. Throws `config_invalid` for a file that is broken. */
  readonly commands: (text: string, names: ReadonlySet<string>) => ProjectCommands;
};

export const DETECTORS: readonly Detector[] = [
  { file: 'package.json', commands: fromPackageJson },
  { file: 'Makefile', commands: fromMakefile },
  { file: 'pyproject.toml', commands: fromPyproject },
  {
    file: 'go.mod',
    commands: () =>
      listed('go.mod', {
        lint: ['go', 'vet', './...'],
        test: ['go', 'test', './...'],
        build: ['go', 'build', './...'],
        format: ['gofmt', '-w', '.'],
      }),
  },
  {
    file: 'Cargo.toml',
    commands: () =>
      listed('Cargo.toml', {
        lint: ['cargo', 'clippy'],
        test: ['cargo', 'test'],
        build: ['cargo', 'build'],
        format: ['cargo', 'fmt'],
      }),
  },
];

function listed(source: string, argvs: Partial<Record<ProjectCommandName, string[] | null>>): ProjectCommands {
  const commands: ProjectCommands = {};
  for (const name of PROJECT_COMMANDS) {
    const argv = argvs[name];
    if (argv) commands[name] = { argv, source };
  }
  return commands;
}

const packageJson = z.looseObject({
  scripts: z.record(z.string(), z.string()).optional(),
  packageManager: z.string().optional(),
});

const LOCK_FILES: readonly (readonly [string, string])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
];
/** What `npm init` writes as the test script; it always fails and tests nothing. */
const PLACEHOLDER = 'no test specified';

function fromPackageJson(text: string, names: ReadonlySet<string>): ProjectCommands {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new OpenExecError('config_invalid', `package.json is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const parsed = packageJson.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new OpenExecError('config_invalid', `package.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { scripts = {}, packageManager = '' } = parsed.data;
  const named = /^(npm|pnpm|yarn)@/.exec(packageManager)?.[1];
  const tool = named ?? LOCK_FILES.find(([file]) => names.has(file))?.[1] ?? 'npm';
  const commands: ProjectCommands = {};
  for (const name of PROJECT_COMMANDS) {
    const script = scripts[name];
    if (script === undefined || script.trim() === '' || script.includes(PLACEHOLDER)) continue;
    commands[name] = {
      argv: name === 'test' ? [tool, 'test'] : [tool, 'run', name],
      source: `package.json script "${name}"`,
    };
  }
  return commands;
}

function fromMakefile(text: string): ProjectCommands {
  const commands: ProjectCommands = {};
  for (const name of PROJECT_COMMANDS) {
    const targets = name === 'format' ? ['format', 'fmt'] : [name];
    const target = targets.find((candidate) => new RegExp(`^${candidate}[ \\t]*:(?!=)`, 'm').test(text));
    if (target !== undefined) commands[name] = { argv: ['make', target], source: `Makefile target "${target}"` };
  }
  return commands;
}

function fromPyproject(text: string): ProjectCommands {
  const has = (table: string, tool: string) =>
    new RegExp(`^\\[tool\\.${table}[.\\]]`, 'm').test(text) || new RegExp(`["']${tool}\\b[^"']*["']`).test(text);
  const ruff = has('ruff', 'ruff');
  return listed('pyproject.toml', {
    lint: ruff ? ['ruff', 'check', '.'] : null,
    test: has('pytest', 'pytest') ? ['pytest'] : null,
    format: ruff ? ['ruff', 'format', '.'] : null,
  });
}
