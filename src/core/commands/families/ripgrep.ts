/**
 * rg. Source: ripgrep 14 and 15. Left out on purpose: `--pre`, `--hostname-bin` and `-z` (run programs), `-L` (follows
 * links), `--ignore-file`, `--type-add`, `--hyperlink-format`, `--debug`, `--trace`.
 */
import { type Below, harmless, type Inspector, isSimplePattern, positional, shallow } from '../inspection';
import { type Arguments, type Given, hasOption, optionTable, readArguments, valuesOf } from '../options';

/** Options that decide which files are searched; they are passed on when rg is asked for the files themselves. */
const WALK = {
  flag: `-u -. --unrestricted --hidden --no-hidden --ignore --no-ignore --no-ignore-vcs --no-ignore-dot
    --no-ignore-exclude --no-ignore-files --no-ignore-global --no-ignore-parent --no-require-git --one-file-system
    --glob-case-insensitive --binary -a --text`,
  value: '-g -t -T -d --glob --iglob --type --type-not --max-depth --maxdepth --max-filesize',
};

const RG = optionTable({
  flag: `${WALK.flag} -n -N -i -s -S -F -w -x -v -c -l -o -q -H -I -p -P -U -b -0 -h
    --line-number --no-line-number --ignore-case --case-sensitive --smart-case --fixed-strings --word-regexp
    --line-regexp --invert-match --count --count-matches --files-with-matches --files-without-match --only-matching
    --quiet --with-filename --no-filename --pretty --pcre2 --multiline --multiline-dotall --byte-offset --null
    --null-data --heading --no-heading --column --no-column --vimgrep --trim --no-trim --passthru --json --stats
    --no-messages --no-config --files --type-list --no-unicode --crlf --mmap --no-mmap --max-columns-preview
    --include-zero --line-buffered --block-buffered --no-context-separator --stop-on-nonmatch --sort-files --version`,
  value: `${WALK.value} -e -A -B -C -m -r -M -E -j --regexp --after-context --before-context --context --max-count
    --replace --max-columns --encoding --threads --color --colors --sort --sortr --engine --context-separator
    --field-context-separator --field-match-separator --path-separator --dfa-size-limit --regex-size-limit`,
  path: '-f --file',
  patterns: '-e --regexp',
});

const WALKING = new Set(`${WALK.flag} ${WALK.value}`.split(/\s+/));

const rg: Inspector = (args) => {
  const read = readArguments(args, RG);
  if (!read.ok) return read;
  const named = positional(read.value);
  const { value } = read;
  if (hasOption(value, '--version', '--type-list', '-h')) return harmless(shallow([...value.paths, ...named]));
  const listsOnly = hasOption(value, '--files');
  const patternIsOption = listsOnly || hasOption(value, '-e', '--regexp', '-f', '--file');
  const where = (patternIsOption ? named : named.slice(1)).filter((path) => path !== '-');
  const roots = where.length === 0 ? ['.'] : where;
  const fromOptions = shallow(value.paths);
  if (listsOnly) return harmless([...fromOptions, ...shallow(roots)]);
  const below = filesBelow(value);
  const walk = value.given.filter(({ name }) => WALKING.has(name)).map(spelled);
  const shows = { by: 'rg', args: ['--no-config', '--files', '-0', ...walk] } as const;
  return harmless([...fromOptions, ...roots.map((path) => ({ path, deep: true, below }))], shows);
};

const spelled = ({ name, value }: Given): string =>
  value === null ? name : name.startsWith('--') ? `${name}=${value}` : `${name}${value}`;

/**
 * For where rg itself cannot be asked. A glob that picks files picks hidden and ignored ones as well, a type does so for
 * hidden ones; a glob with a slash, one of `--iglob`, or a type that is not known here is not taken to narrow anything.
 */
function filesBelow(read: Arguments): Below {
  const globs = valuesOf(read, '-g', '--glob');
  const picked = globs.filter((glob) => !glob.startsWith('!'));
  const left = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const simple = picked.every(isSimplePattern) && !hasOption(read, '--glob-case-insensitive', '--iglob');
  const skipped = picked.length === 0 && !hasOption(read, '--iglob') ? left.filter(isSimplePattern) : [];
  const types = valuesOf(read, '-t', '--type');
  const typed = globs.length === 0 && !hasOption(read, '--iglob') ? filesOfTypes(types) : [];
  return {
    hidden: picked.length > 0 || hasOption(read, '-u', '-.', '--unrestricted', '--hidden', '-t', '--type', '--iglob'),
    follow: false,
    only: typed.length > 0 ? typed : simple ? picked : [],
    not: skipped,
    notFolders: skipped,
  };
}

/** As ripgrep 13 to 15 define them; hidden folders are looked into as well here, which only adds files. */
const TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['ts', ['*.ts', '*.tsx', '*.cts', '*.mts']],
  ['js', ['*.js', '*.jsx', '*.vue', '*.cjs', '*.mjs']],
  ['py', ['*.py', '*.pyi']],
  ['rust', ['*.rs']],
  ['go', ['*.go']],
  ['java', ['*.java', '*.jsp', '*.jspx', '*.properties']],
]);

/** The names of files of these types; none where one of them is not known. */
function filesOfTypes(types: readonly string[]): readonly string[] {
  const known = types.map((type) => TYPES.get(type) ?? []);
  return known.every(({ length }) => length > 0) ? known.flat() : [];
}

export const RIPGREP: readonly (readonly [string, Inspector])[] = [['rg', rg]];
