/**
 * git status, diff, log, show, rev-parse, ls-files. Source: the manuals of git 2.50. Left out on purpose: everything that
 * names another repository or setting (`-C`, `-c`, `--git-dir`, `--work-tree`, `--exec-path`), writes (`--output`), runs a
 * program (`--ext-diff`, `--textconv`, `--show-signature`, `%G`), reads files outside of the history (`--no-index`, `-O`,
 * `--stdin`) or shows content that no path names (`-L`, `--submodule=diff`).
 */
import { ok, type Result } from '../../kernel/result';
import { type CommandOperand, doubtful, harmless, type Inspection, type Inspector, shallow } from '../inspection';
import { type Arguments, type Given, hasOption, type OptionTable, optionTable, readArguments } from '../options';
import { contentAt, looksLikePath, pathspecs, revisionsOf } from './gitWords';

/** Options before the subcommand that change nothing but how it prints. */
const GLOBAL = new Set(['--no-pager', '-P', '--no-optional-locks', '--literal-pathspecs']);

const COMMITS = {
  flag: `--merges --no-merges --first-parent --reverse --topo-order --date-order
    --author-date-order -i --regexp-ignore-case -E --extended-regexp -F --fixed-strings -P --perl-regexp --all-match
    --invert-grep --no-walk --cherry-pick --left-right --left-only --right-only --boundary --simplify-by-decoration
    --full-history --ancestry-path --follow -g --walk-reflogs --not --remove-empty --dense --sparse`,
  value: `-n --max-count --skip --since --after --until --before --author --committer --grep`,
  optional: '--min-parents --max-parents --date --decorate-refs --decorate-refs-exclude',
};

/** Every commit that has a name. show is not given these: it would print content that a tag names. */
const REFERENCES = {
  flag: '--all --branches --tags --remotes',
  optional: '--branches --tags --remotes --exclude --glob',
};

/** How commits are printed; of no concern to which files are shown. */
const PRINTED = {
  flag: `--oneline --graph --no-graph --no-decorate --abbrev-commit --no-abbrev-commit --relative-date --parents
    --children --source --log-size --clear-decorations --use-mailmap --no-mailmap --mailmap --notes --no-notes
    --encode-email-headers --no-expand-tabs --color --no-color -z --no-prefix --full-index --binary --compact-summary
    --minimal --patience --histogram --indent-heuristic --no-indent-heuristic -W --function-context -w -b
    --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines --ignore-cr-at-eol
    --color-words --no-color-moved --no-renames --rename-empty --no-rename-empty -D -q --quiet --exit-code --ita-visible-in-index`,
  optional: `--format --pretty --decorate --encoding --expand-tabs --color --color-moved --abbrev --word-diff
    --word-diff-regex --color-words --diff-algorithm --anchored -U --unified --inter-hunk-context -M -C -B
    --find-renames --find-copies --break-rewrites --ws-error-highlight --src-prefix --dst-prefix --stat --stat-width
    --dirstat -X --line-prefix --color-moved-ws --ignore-submodules`,
};

/** Which differences are shown. */
const DIFFERENCES = {
  flag: `--check -a --text -R --pickaxe-all --pickaxe-regex -m -c --cc --no-ext-diff --no-textconv --diff-merges
    --no-diff-merges --root --combined-all-paths`,
  optional: '--diff-filter --diff-merges',
  value: '-S -G',
};

const CONTENT = '-p -u --patch';
/** Show content as well, always or of merges; or answer only about content. */
const IMPLY_CONTENT = `-U --unified -W --function-context --binary -m -c --cc --diff-merges --color-words --word-diff
  --word-diff-regex --patch-with-raw --patch-with-stat -S -G --check`.replace(/\s+/g, ' ');
/** Instead of content; a patch is shown beside it when one is asked for. */
const SUMMARIES = '--shortstat --numstat --summary --raw --patch-with-raw --patch-with-stat --cumulative';
/** Instead of content, whatever else is asked for. */
const NAMES_ONLY = '--name-only --name-status';
const NOTHING = '-s --no-patch';

const ofCommits = (references: { readonly flag: string; readonly optional: string }): OptionTable =>
  optionTable({
    flag: [COMMITS.flag, references.flag, PRINTED.flag, DIFFERENCES.flag, CONTENT, SUMMARIES, NAMES_ONLY, NOTHING].join(
      ' ',
    ),
    value: `${COMMITS.value} ${DIFFERENCES.value}`,
    optional: [COMMITS.optional, references.optional, PRINTED.optional, DIFFERENCES.optional].join(' '),
    numeric: true,
  });

const LOG = ofCommits(REFERENCES);
const SHOW = ofCommits({ flag: '', optional: '' });

const DIFF = optionTable({
  flag: [
    PRINTED.flag,
    DIFFERENCES.flag,
    CONTENT,
    SUMMARIES,
    NAMES_ONLY,
    NOTHING,
    '--cached --staged --merge-base --base --ours --theirs',
  ].join(' '),
  value: DIFFERENCES.value,
  optional: `${PRINTED.optional} ${DIFFERENCES.optional}`,
});

const STATUS = optionTable({
  flag: `-s --short -b --branch --show-stash --long -z --ahead-behind --no-ahead-behind --renames --no-renames
    --no-column`,
  optional: '--porcelain -u --untracked-files --ignored --ignore-submodules --find-renames --column',
});

const REV_PARSE = optionTable({
  flag: `--show-toplevel --show-prefix --show-cdup --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree
    --is-inside-git-dir --is-bare-repository --is-shallow-repository --verify -q --quiet --symbolic
    --symbolic-full-name --all --branches --tags --remotes --show-superproject-working-tree --revs-only --no-revs
    --flags --no-flags --not --local-env-vars`,
  optional: '--abbrev-ref --short --branches --tags --remotes --since --after --until --before --show-object-format',
});

const LS_FILES = optionTable({
  flag: `-c --cached -d --deleted -m --modified -o --others -i --ignored -s --stage -u --unmerged -k --killed -t -v -z
    --directory --no-empty-directory --eol --full-name --exclude-standard --error-unmatch --deduplicate
    --debug --sparse`,
  value: '-x --exclude',
  optional: '--abbrev --format',
  path: '-X --exclude-from',
});

const git: Inspector = (args) => {
  const at = args.findIndex((arg) => !GLOBAL.has(arg));
  const [verb = '', ...rest] = at < 0 ? [] : args.slice(at);
  const inspector = VERBS.get(verb);
  if (inspector !== undefined) return inspector(rest);
  return doubtful(
    verb.startsWith('-') ? `git's ${verb} is not known to be harmless` : `git ${verb} may change something`,
  );
};

/** status, ls-files, rev-parse: names and hashes, no content. */
function names(table: OptionTable, paths: (read: Arguments) => readonly CommandOperand[]): Inspector {
  return (args) => {
    const read = readArguments(args, table);
    return read.ok ? harmless([...shallow(read.value.paths), ...paths(read.value)]) : read;
  };
}

const specs = ({ before, after }: Arguments): CommandOperand[] => pathspecs([...before, ...after]);

/** log shows content only when it is asked for; diff and show do unless they are asked for something else. */
function showsContent(read: Arguments, byDefault: boolean): boolean {
  if (hasOption(read, ...NAMES_ONLY.split(' '), ...NOTHING.split(' '))) return false;
  if (hasOption(read, ...CONTENT.split(' '), ...IMPLY_CONTENT.split(' '))) return true;
  return byDefault && !hasOption(read, '--stat', '--dirstat', '-X', '--quiet', ...SUMMARIES.split(' '));
}

const PRINTING = new Set([PRINTED.flag, PRINTED.optional, CONTENT, SUMMARIES].join(' ').split(/\s+/));

/** Leave out files of a commit that is shown, by what happened to them, which is something else where renames are found. */
const FILTERS = ['--diff-filter', '--check'];
const PICKAXE = ['-S', '-G'];
/** They count the commits that are shown, so that with a filter other commits would be asked about. */
const COUNTS = ['-#', '-n', '--max-count', '--skip'];

const spelled = ({ name, value }: Given): string => {
  if (name === '-#') return `-${value ?? ''}`;
  if (value === null) return name;
  return name.startsWith('--') ? `${name}=${value}` : `${name}${value}`;
};

/**
 * The same command, printing only the names of the files whose content it would show, or of more: both of a renamed one,
 * all of a commit in which a filter would pick some, and every commit where a filter decides which ones are counted.
 */
function namesQuery(verb: string, read: Arguments): string[] {
  const { given, before, after, dashes } = read;
  const picks = hasOption(read, ...PICKAXE);
  const left = new Set([...FILTERS, ...(picks || hasOption(read, '--diff-filter') ? COUNTS : [])]);
  const kept = given.filter(({ name }) => !PRINTING.has(name) && !left.has(name)).map(spelled);
  if (picks) kept.push('--pickaxe-all');
  const format = verb === 'diff' ? [] : ['--format='];
  const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--name-only', '-z'];
  return [verb, ...kept, ...format, ...plain, ...before, ...(dashes ? ['--', ...after] : [])];
}

function history(verb: 'diff' | 'log' | 'show', table: OptionTable): Inspector {
  return (args) => {
    const read = readArguments(args, table);
    if (!read.ok) return read;
    const format = read.value.given.find(
      ({ name, value }) => /^--(format|pretty)$/.test(name) && value?.includes('%G'),
    );
    if (format !== undefined) return doubtful("git's %G runs the program that checks signatures");
    return inspectHistory(verb, read.value);
  };
}

/** They show content of files that no question about names brings up: earlier names, and unchanged origins of copies. */
const FOREIGN = ['--follow', '-C', '--find-copies'];

function inspectHistory(verb: 'diff' | 'log' | 'show', read: Arguments): Result<Inspection, string> {
  const operands = [...pathspecs(read.after)];
  const commits: string[] = [];
  const before: string[] = [];
  for (const word of read.before) {
    const content = contentAt(word);
    if (content === 'unclear') return doubtful(`${word} is not plainly a revision`);
    if (content === null) {
      before.push(word);
      commits.push(...revisionsOf(word));
      if (looksLikePath(word)) operands.push(...pathspecs([word]));
    } else if (verb === 'show') operands.push({ path: content, deep: false, literal: true });
    else return doubtful(`${word} names content, not a commit`);
  }
  // show prints what REV:path names whatever else it is told; without another revision it shows no commit beside it.
  const onlyContent = verb === 'show' && before.length === 0 && read.before.length > 0;
  const asks = !onlyContent && showsContent(read, verb !== 'log');
  const unasked = asks ? FOREIGN.find((name) => hasOption(read, name)) : undefined;
  if (unasked !== undefined) return doubtful(`with ${unasked}, git may show content of files under other names`);
  const query = asks ? namesQuery(verb, { ...read, before }) : null;
  if (query === null && (verb === 'log' || commits.length === 0)) return harmless(operands);
  return ok({ operands, shows: { by: 'git', args: query, commits: verb === 'log' ? [] : commits } });
}

const VERBS: ReadonlyMap<string, Inspector> = new Map([
  ['status', names(STATUS, specs)],
  ['ls-files', names(LS_FILES, specs)],
  ['rev-parse', names(REV_PARSE, () => [])],
  ['diff', history('diff', DIFF)],
  ['log', history('log', LOG)],
  ['show', history('show', SHOW)],
]);

export const GIT: readonly (readonly [string, Inspector])[] = [['git', git]];
