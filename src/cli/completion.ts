/**
 * Scripts that complete the command line in a shell, made of its grammar. Nothing of a project is run to complete; the ids of
 * runs are asked of the command line itself, which only reads.
 */
import { COMMON_FLAGS, type Kind, type SHELLS, SHIPPED, shapes } from './grammar';

export type Shell = (typeof SHELLS)[number];

/** The script for a shell, to be read by it at its start. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      // zsh reads bash's completions, with what both have in common.
      return `autoload -Uz +X compinit && compinit\nautoload -Uz +X bashcompinit && bashcompinit\n${bash()}`;
    case 'fish':
      return fish();
    default:
      return shell satisfies never;
  }
}

const paths = (): string[] => shapes().map(({ path }) => path);
const firstWords = (): string[] => [...new Set(paths().map((path) => path.split(' ', 1)[0] ?? path))];

/** The second words of those verbs that have some. */
function secondWords(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [verb, second] of paths().map((path) => path.split(' ')))
    if (verb !== undefined && second !== undefined) found.set(verb, [...(found.get(verb) ?? []), second]);
  return found;
}

/** The words of a kind, and what of the machine it may be. */
function valuesOf(kind: Kind): { words: readonly string[]; files: 'file' | 'folder' | null; runs: boolean } {
  if (typeof kind !== 'string') return { words: kind, files: null, runs: false };
  switch (kind) {
    case 'blueprint':
    case 'policy':
      return { words: SHIPPED[kind], files: 'file', runs: false };
    case 'file':
    case 'folder':
      return { words: [], files: kind, runs: false };
    case 'run':
    case 'runOrFile':
      return { words: [], files: kind === 'run' ? null : 'file', runs: true };
    case 'switch':
    case 'text':
    case 'number':
    case 'model':
      return { words: [], files: null, runs: false };
    default:
      return kind satisfies never;
  }
}

function bashReply(kind: Kind): string {
  const { words, files, runs } = valuesOf(kind);
  const parts = [
    ...(words.length > 0 ? [`$(compgen -W '${words.join(' ')}' -- "$cur")`] : []),
    ...(runs ? ['$(compgen -W "$(_openexec_runs)" -- "$cur")'] : []),
    ...(files === null ? [] : [`$(compgen ${files === 'folder' ? '-d' : '-f'} -- "$cur")`]),
  ];
  return `COMPREPLY=(${parts.join(' ')})`;
}

const flagsOf = (flags: Readonly<Record<string, Kind>>): string[] => Object.keys(flags).map((name) => `--${name}`);

function bash(): string {
  const values = shapes().flatMap(({ path, flags }) =>
    Object.entries(flags)
      .filter(([name, kind]) => kind !== 'switch' && !Object.hasOwn(COMMON_FLAGS, name))
      .map(([name, kind]) => `    '${path} --${name}') ${bashReply(kind)}; return;;`),
  );
  const common = Object.entries<Kind>(COMMON_FLAGS)
    .filter(([, kind]) => kind !== 'switch')
    .map(([name, kind]) => `    *' --${name}') ${bashReply(kind)}; return;;`);
  const verbs = shapes().map(({ path, flags, argument }) =>
    [
      `    '${path}')`,
      `      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '${flagsOf(flags).join(' ')}' -- "$cur"))`,
      `      else ${argument === null ? ':' : bashReply(argument)}; fi;;`,
    ].join('\n'),
  );
  const seconds = [...secondWords()].map(
    ([verb, words]) => `    ${verb}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur"));;`,
  );
  return `_openexec_runs() {
  "\${COMP_WORDS[0]}" runs --json 2>/dev/null | grep -o '"runId": *"[^"]*"' | cut -d '"' -f 4
}
_openexec() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}"
  local IFS=$' \\t\\n'
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W '${firstWords().join(' ')}' -- "$cur")); return; fi
  case "$verb" in
    ${[...secondWords().keys()].join('|')}) if [[ $COMP_CWORD -gt 2 ]]; then verb="$verb \${COMP_WORDS[2]}"; fi;;
  esac
  case "$verb $before" in
${[...values, ...common].join('\n')}
  esac
  case "$verb" in
${[...verbs, ...seconds].join('\n')}
  esac
}
complete -F _openexec openexec
`;
}

function fish(): string {
  const lines = shapes().flatMap(({ path, flags, argument }) => {
    const on = `complete -c openexec -n '__openexec_at ${path}'`;
    const rest = argument === null ? [] : [`${on} ${fishValues(argument)}`];
    const named = Object.entries(flags).map(([name, kind]) =>
      kind === 'switch' ? `${on} -l ${name}` : `${on} -l ${name} -x ${fishValues(kind)}`.trimEnd(),
    );
    return [...named, ...rest.map((line) => line.trimEnd())];
  });
  const seconds = [...secondWords()].map(
    ([verb, words]) => `complete -c openexec -n '__openexec_only ${verb}' -a '${words.join(' ')}'`,
  );
  return `function __openexec_at
  set -l words (commandline -opc)
  set -l last (math 1 + (count $argv))
  test (count $words) -ge $last; and test "$words[2..$last]" = "$argv"
end
function __openexec_only
  set -l words (commandline -opc)
  test "$words[2..]" = "$argv"
end
function __openexec_runs
  set -l words (commandline -opc)
  $words[1] runs --json 2>/dev/null | string match -ar '"runId": *"([^"]*)"' | string match -rv runId
end
complete -c openexec -f
complete -c openexec -n 'test (count (commandline -opc)) -eq 1' -a '${firstWords().join(' ')}'
${[...seconds, ...lines].join('\n')}
`;
}

function fishValues(kind: Kind): string {
  const { words, files, runs } = valuesOf(kind);
  const parts = [
    ...words,
    ...(runs ? ['(__openexec_runs)'] : []),
    ...(files === null ? [] : [files === 'folder' ? '(__fish_complete_directories)' : '(__fish_complete_path)']),
  ];
  return parts.length === 0 ? '' : `-a '${parts.join(' ')}'`;
}
