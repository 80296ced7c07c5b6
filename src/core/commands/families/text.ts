/** Listing and printing: ls, cat, head, tail, wc, pwd, echo. Sources: GNU coreutils 9 and the manuals of macOS 15. */
import { doubtful, harmless, type Inspector, positional, shallow } from '../inspection';
import { type OptionTable, optionTable, readArguments } from '../options';

/** Without `-L` and `-H`, which look through links, and without short options whose arity differs on macOS. */
const LS = optionTable({
  flag: `-a -A -l -h -R -1 -t -r -S -d -F -i -s -n -o -g -p -q -Q -x -C -m -k -c -u -U -X -v -b -B -N -G -f
    --all --almost-all --human-readable --recursive --reverse --directory --size --inode --author --escape
    --numeric-uid-gid --no-group --zero --full-time --si --group-directories-first --ignore-backups --file-type`,
  value: '--ignore --hide --width --tabsize --block-size --time-style --sort --time --format --quoting-style',
  optional: '--color --classify --indicator-style',
});

const CAT = optionTable({
  flag: `-n -b -s -E -T -A -v -e -t -u --number --number-nonblank --squeeze-blank --show-ends --show-tabs --show-all
    --show-nonprinting`,
});

/** Without `-f`, `-F`, `--follow`, `--retry` and `--pid`: they wait for what never comes. */
const HEAD_TAIL = optionTable({
  flag: '-q -v --quiet --silent --verbose',
  value: '-n -c --lines --bytes',
  numeric: true,
});

/** Without `--files0-from`, which reads the names of more files out of a file. */
const WC = optionTable({ flag: '-l -w -c -m -L --lines --words --bytes --chars --max-line-length', value: '--total' });

const PWD = optionTable({ flag: '-L -P --logical --physical' });

function files(table: OptionTable, none: readonly string[]): Inspector {
  return (args) => {
    const read = readArguments(args, table);
    if (!read.ok) return read;
    const named = positional(read.value);
    return harmless(shallow(named.length === 0 ? none : named));
  };
}

const pwd: Inspector = (args) => {
  const read = readArguments(args, PWD);
  if (!read.ok) return read;
  return positional(read.value).length === 0 ? harmless([]) : doubtful('pwd takes no operands');
};

export const TEXT: readonly (readonly [string, Inspector])[] = [
  // It lists names only, also with -R, so that nothing below its operands is read.
  ['ls', files(LS, ['.'])],
  ['cat', files(CAT, [])],
  ['head', files(HEAD_TAIL, [])],
  ['tail', files(HEAD_TAIL, [])],
  ['wc', files(WC, [])],
  ['pwd', pwd],
  // Prints its arguments and reads nothing.
  ['echo', () => harmless([])],
];
