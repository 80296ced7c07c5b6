/** Names of tools, command lines and hosts as rules and toolsets write them, compared with those of a call. */

/** True for the name itself, and for every name that begins as the pattern does where that ends with `*`. */
export function namesTool(pattern: string, tool: string): boolean {
  return pattern === tool || (pattern.endsWith('*') && tool.startsWith(pattern.slice(0, -1)));
}

/** True when a host is the one named, lies below `*.one`, or any is meant by `*`. */
export function namesHost(pattern: string, host: string): boolean {
  const named = pattern.toLowerCase();
  if (named === '*' || named === host) return true;
  return named.startsWith('*.') && host.endsWith(named.slice(1));
}

/** True when a line begins with exactly these words. What grants must not be read widely. */
export function beginsWith(argv: readonly string[], words: string): boolean {
  return wordsOf(words).every((word, at) => argv[at] === word);
}

/** Programs that run what their arguments say. */
const WRAPPERS: ReadonlySet<string> = new Set(
  (
    'sudo doas su env timeout nice ionice nohup setsid stdbuf time command exec xargs parallel watch flock chroot unshare ' +
    'busybox toybox sh bash dash zsh ksh fish npx pnpx bunx npm pnpm yarn cmd powershell pwsh find fd ssh script strace'
  ).split(' '),
);

/**
 * True when a line is, or may lead to, one that these words name: the program under any path and with an ending of Windows,
 * options between the words, behind programs that run others. What tightens must not be got round.
 */
export function leadsTo(argv: readonly string[], words: string): boolean {
  const wanted = wordsOf(words);
  if (namedAt(argv, 0, wanted)) return true;
  if (!WRAPPERS.has(programName(argv[0] ?? ''))) return false;
  const inner = argv.slice(1).flatMap(wordsOf);
  return inner.some((_, at) => namedAt(inner, at, wanted));
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const programName = (word: string): string =>
  (word.split(/[/\\]/).at(-1) ?? word).toLowerCase().replace(/\.(exe|cmd|bat|com|ps1)$/, '');

function namedAt(argv: readonly string[], at: number, [program = '', ...rest]: readonly string[]): boolean {
  return programName(argv[at] ?? '') === programName(program) && follows(argv, at + 1, rest);
}

/** Whether the words follow, each perhaps after options, and an option perhaps with a value of its own. */
function follows(argv: readonly string[], from: number, words: readonly string[]): boolean {
  let ends = new Set([from]);
  for (const word of words) {
    const next = new Set<number>();
    for (const at of pastOptions(argv, ends)) if (argv[at] === word) next.add(at + 1);
    ends = next;
  }
  return ends.size > 0;
}

/** Every place that comes after any number of options; whether one takes the next word as its value is not known. */
function pastOptions(argv: readonly string[], starts: ReadonlySet<number>): ReadonlySet<number> {
  const reached = new Set(starts);
  // A set is iterated over what is added to it meanwhile.
  for (const at of reached) {
    if (!argv[at]?.startsWith('-')) continue;
    reached.add(at + 1);
    reached.add(at + 2);
  }
  return reached;
}
