/** grep, egrep, fgrep. Source: GNU grep 3.11; what BSD's grep understands differently is left out (`-z`). */
import { type Below, harmless, type Inspector, isSimplePattern, positional, shallow } from '../inspection';
import { type Arguments, hasOption, optionTable, readArguments, valuesOf } from '../options';

const GREP = optionTable({
  flag: `-E -F -G -P -i -y -v -w -x -c -l -L -o -q -s -n -H -h -b -r -R -a -I -U -Z -T
    --extended-regexp --fixed-strings --basic-regexp --perl-regexp --ignore-case --no-ignore-case --invert-match
    --word-regexp --line-regexp --count --files-with-matches --files-without-match --only-matching --quiet --silent
    --no-messages --line-number --with-filename --no-filename --byte-offset --recursive --dereference-recursive --text
    --binary --null --initial-tab --line-buffered --no-group-separator`,
  value: `-e -m -A -B -C -d --regexp --max-count --after-context --before-context --context --directories --include
    --exclude --exclude-dir --label --binary-files --group-separator`,
  optional: '--color --colour',
  path: '-f --file --exclude-from',
  numeric: true,
  patterns: '-e --regexp',
});

const grep: Inspector = (args) => {
  const read = readArguments(args, GREP);
  if (!read.ok) return read;
  const named = positional(read.value);
  const patternIsOption = hasOption(read.value, '-e', '--regexp', '-f', '--file');
  const where = patternIsOption ? named : named.slice(1);
  const fromOptions = shallow(read.value.paths);
  if (!isRecursive(read.value)) return harmless([...fromOptions, ...shallow(where)]);
  const below = filesBelow(read.value);
  const roots = (where.length === 0 ? ['.'] : where).filter((path) => path !== '-');
  return harmless([...fromOptions, ...roots.map((path) => ({ path, deep: true, below }))]);
};

const isRecursive = (read: Arguments): boolean =>
  hasOption(read, '-r', '-R', '--recursive', '--dereference-recursive') ||
  valuesOf(read, '-d', '--directories').some((action) => 'recurse'.startsWith(action));

/** With --include and --exclude together the last one that matches wins; then only --include is taken to narrow. */
function filesBelow(read: Arguments): Below {
  const only = valuesOf(read, '--include');
  const not = only.length > 0 ? [] : valuesOf(read, '--exclude');
  return {
    hidden: true,
    follow: hasOption(read, '-R', '--dereference-recursive'),
    // With both, a file that no pattern matches is read when --exclude came first.
    only: only.every(isSimplePattern) && !hasOption(read, '--exclude', '--exclude-from') ? only : [],
    not: not.filter(isSimplePattern),
    notFolders: valuesOf(read, '--exclude-dir').filter(isSimplePattern),
  };
}

export const GREP_FAMILY: readonly (readonly [string, Inspector])[] = [
  ['grep', grep],
  ['egrep', grep],
  ['fgrep', grep],
];
