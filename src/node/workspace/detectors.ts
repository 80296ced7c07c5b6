/**
 * Kinds of projects, a table: the file that gives one away, and the commands it stands for. Pure; the first entry that
 * has a command wins.
 */
import { z } from 'zod';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import { PROJECT_COMMANDS, type ProjectCommandName, type ProjectCommands } from '../../core/policy/schema';

type Detector = {
  /** At the root of the repository: one of these names, or the first by name that fits a pattern. */
  readonly file: string | RegExp;
  /** `names`: what else is at the root; `file`: which one it was. Throws `config_invalid` for a file that is broken. */
  readonly commands: (text: string, names: ReadonlySet<string>, file: string) => ProjectCommands;
};

export const DETECTORS: readonly Detector[] = [
  { file: 'package.json', commands: fromPackageJson },
  { file: /^(?:GNUmakefile|[Mm]akefile)$/, commands: fromMakefile },
  { file: 'pyproject.toml', commands: fromPyproject },
  { file: 'pytest.ini', commands: (_, names) => python('pytest.ini', names, { test: ['pytest'] }) },
  { file: 'tox.ini', commands: (text, names) => fromIni('tox.ini', text, names) },
  { file: 'setup.cfg', commands: (text, names) => fromIni('setup.cfg', text, names) },
  { file: /^\.?ruff\.toml$/, commands: (_, names, file) => python(file, names, RUFF) },
  { file: 'mypy.ini', commands: (_, names) => python('mypy.ini', names, { lint: MYPY }) },
  {
    file: 'go.mod',
    commands: () =>
      listed('go.mod', {
        lint: ['go', 'vet', './...'],
        // Plain, it does not say which tests ran.
        test: ['go', 'test', '-json', './...'],
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
  { file: 'pom.xml', commands: (_, names) => fromMaven(names) },
  { file: /^(?:build|settings)\.gradle(?:\.kts)?$/, commands: (_, names, file) => fromGradle(names, file) },
  {
    file: /\.(?:slnx?|csproj|fsproj|vbproj)$/,
    commands: (_, _names, file) =>
      listed(file, {
        lint: ['dotnet', 'format', '--verify-no-changes'],
        test: ['dotnet', 'test'],
        build: ['dotnet', 'build'],
        format: ['dotnet', 'format'],
      }),
  },
];

/** The name that a detector looks for, among those at the root; null when there is none. */
export function fileOf({ file }: Detector, names: ReadonlySet<string>): string | null {
  if (typeof file === 'string') return names.has(file) ? file : null;
  return [...names].sort().find((name) => file.test(name)) ?? null;
}

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
  ['npm-shrinkwrap.json', 'npm'],
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

function fromMakefile(text: string, _names: ReadonlySet<string>, file: string): ProjectCommands {
  const commands: ProjectCommands = {};
  for (const name of PROJECT_COMMANDS) {
    const targets = name === 'format' ? ['format', 'fmt'] : [name];
    const target = targets.find((candidate) => new RegExp(`^${candidate}[ \\t]*:(?!=)`, 'm').test(text));
    if (target !== undefined) commands[name] = { argv: ['make', target], source: `${file} target "${target}"` };
  }
  return commands;
}

const RUFF = { lint: ['ruff', 'check', '.'], format: ['ruff', 'format', '.'] };
const MYPY = ['mypy', '.'];

/** A lock file says which tool has the environment that the programs are in. */
const PYTHON_RUNNERS: readonly (readonly [string, string])[] = [
  ['uv.lock', 'uv'],
  ['poetry.lock', 'poetry'],
  ['pdm.lock', 'pdm'],
];

function python(
  file: string,
  names: ReadonlySet<string>,
  argvs: Partial<Record<ProjectCommandName, string[] | null>>,
): ProjectCommands {
  const runner = PYTHON_RUNNERS.find(([lock]) => names.has(lock));
  if (runner === undefined) return listed(file, argvs);
  const [lock, program] = runner;
  const inside = Object.entries(argvs).map(([name, argv]) => [name, argv ? [program, 'run', ...argv] : null]);
  return listed(`${file}, ${lock}`, Object.fromEntries(inside));
}

function fromPyproject(text: string, names: ReadonlySet<string>): ProjectCommands {
  const has = (tool: string): boolean =>
    new RegExp(`^\\[tool\\.${tool}[.\\]]`, 'm').test(text) ||
    // A dependency, as a list of the standard writes it or as a table of Poetry does.
    new RegExp(`["']${tool}\\b[^"']*["']|^${tool} *=`, 'm').test(text);
  const [ruff, mypy] = [has('ruff'), has('mypy')];
  return python('pyproject.toml', names, {
    lint: ruff ? RUFF.lint : mypy ? MYPY : null,
    test: has('pytest') ? ['pytest'] : null,
    // What a compiler is elsewhere is the type check here; there is one command for each purpose.
    build: ruff && mypy ? MYPY : null,
    format: ruff ? RUFF.format : null,
  });
}

function fromIni(file: string, text: string, names: ReadonlySet<string>): ProjectCommands {
  const has = (section: string): boolean => text.split(/\r?\n/).some((line) => line.trim() === `[${section}]`);
  const lint = has('mypy') ? MYPY : has('flake8') ? ['flake8'] : null;
  return python(file, names, { lint, test: has('pytest') || has('tool:pytest') ? ['pytest'] : null });
}

/** `-B`: no questions and no colours, `-ntp`: no progress of downloads. */
function fromMaven(names: ReadonlySet<string>): ProjectCommands {
  const program = names.has('mvnw') ? './mvnw' : 'mvn';
  return listed('pom.xml', {
    test: [program, '-B', '-ntp', 'test'],
    build: [program, '-B', '-ntp', '-DskipTests', 'package'],
  });
}

function fromGradle(names: ReadonlySet<string>, file: string): ProjectCommands {
  const program = names.has('gradlew') ? './gradlew' : 'gradle';
  return listed(file, {
    test: [program, '--console=plain', 'test'],
    build: [program, '--console=plain', 'assemble'],
  });
}
