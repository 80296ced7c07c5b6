/**
 * What never enters a prompt besides what the policy withholds: ignored files, dumps of data, generated code. What is
 * excluded can neither be read nor written by a run, so that lock files and build settings are not among it.
 */
import ignore from 'ignore';
import type { TaskFacts } from '../../../core/events/planParts';
import { exactly } from '../../../core/gatekeeper/changes';
import { OpenExecError } from '../../../core/kernel/errors';
import { matchesAny } from '../../../core/policy/globs';
import type { Repository } from '../../workspace/repository';
import { globsOf, patternsIn, takesBack } from './ignoreFile';
import { leavingOut } from './neverOpened';
import { contentsOnDisk, type SurveyTree } from './tree';

type Ignored = TaskFacts['ignored'][number];

/** They are recorded with every run, and asked about every file. What is beyond is not passed over: there is no run. */
const MOST_IGNORE_FILES = 5000;
const MOST_PATTERNS = 20_000;
/** Globs by reason; more files than this are named by their folders. */
const MOST_PATHS = 200;
const LISTING_LIMIT = 8 * 1024 * 1024;

const OWN = '.openexecignore';
const NONE: IgnoreFiles = { paths: [], contents: new Map() };

/** All of it, each with where it comes from, in a fixed order. */
export async function ignoredIn(
  tree: SurveyTree,
  repository: Repository,
  excluded: readonly string[],
): Promise<Ignored[]> {
  const [own, byGit, tracked, dumps, generated] = await Promise.all([
    byIgnoreFile(tree, OWN, await unknownToGit(repository, tree)),
    byIgnoreFile(tree, '.gitignore', NONE),
    trackedThoughIgnored(repository),
    dumpsIn(tree),
    generatedIn(tree, repository, excluded),
  ]);
  const known = new Set(tree.files);
  const found = [
    ...own,
    ...byGit,
    ...named(
      tracked.filter((file) => known.has(file)),
      'tracked although .gitignore names it',
    ),
    ...named(dumps, 'looks like a data dump'),
    ...named(generated, 'generated code'),
  ];
  const seen = new Set<string>();
  return found.filter(({ glob }) => !seen.has(glob) && seen.add(glob));
}

/**
 * The patterns of all ignore files of that name; where some take back, only those that hit nothing that is kept. Throws
 * `config_invalid` for one that cannot be read: what it would keep out is not known then.
 */
async function byIgnoreFile(tree: SurveyTree, name: string, besides: IgnoreFiles): Promise<Ignored[]> {
  const isOne = (file: string): boolean => file === name || file.endsWith(`/${name}`);
  const inTree = tree.files.filter(isOne);
  const paths = [...inTree, ...besides.paths].sort();
  const link = tree.links.find(isOne);
  if (link !== undefined) throw unread(link, 'it is a link, and those are not followed; put a file in its place');
  if (paths.length > MOST_IGNORE_FILES)
    throw unread(`${paths.length} files called ${name}`, `more than ${MOST_IGNORE_FILES} are not read`);
  const contents = new Map([...(await tree.read(inTree)), ...besides.contents]);
  const found: Ignored[] = [];
  for (const file of paths) {
    const content = contents.get(file);
    if (content === undefined) throw unread(file, 'it is larger than 512 KiB or no file that can be opened');
    found.push(...ignoredBy(file, content, tree));
    if (found.length > MOST_PATTERNS)
      throw unread(file, `with it there are more than ${MOST_PATTERNS} patterns; name folders instead of files`);
  }
  return found;
}

type IgnoreFiles = { readonly paths: readonly string[]; readonly contents: ReadonlyMap<string, string> };

/**
 * The person's own ignore files that git is told to ignore, and that no tree of git's has therefore. What lies in a folder
 * that is ignored as a whole is kept out anyway.
 */
async function unknownToGit({ root, git }: Repository, tree: SurveyTree): Promise<IgnoreFiles> {
  const which = ['--others', '--ignored', '--exclude-standard', '--directory', '--full-name'];
  const args = ['ls-files', '-z', ...which, '--', `:(top,glob)**/${OWN}`];
  const { stdout, cut } = await git.run(root, args, { limit: LISTING_LIMIT });
  if (cut) throw unread(`what git ignores of ${OWN}`, 'there is too much of it');
  const known = new Set(tree.files);
  const paths = stdout.split('\0').filter((file) => file.endsWith(OWN) && !known.has(file));
  return { paths, contents: await contentsOnDisk(root, paths) };
}

const unread = (what: string, why: string): OpenExecError =>
  new OpenExecError('config_invalid', `${what} cannot be gone by: ${why}. What it keeps out of runs is not known.`);

function ignoredBy(file: string, content: string, { files }: SurveyTree): Ignored[] {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const globs = patternsIn(content).flatMap((pattern) => globsOf(pattern, folder) ?? []);
  if (!takesBack(content)) return globs.map((glob) => ({ glob, from: file }));
  const below = folder === '' ? files : files.filter((one) => one.startsWith(`${folder}/`));
  const inner = (one: string): string => (folder === '' ? one : one.slice(folder.length + 1));
  const rules = ignore().add(content.replace(/^\uFEFF/, ''));
  const hit = new Set(below.filter((one) => rules.ignores(inner(one))));
  const kept = below.filter((one) => !hit.has(one));
  const safe = globs.filter((glob) => {
    const alone = [glob];
    return !kept.some((one) => matchesAny(alone, one));
  });
  const rest = file.endsWith('.gitignore') ? [] : [...hit].filter((one) => !matchesAny(safe, one));
  return [...safe.map((glob) => ({ glob, from: file })), ...named(rest, file)];
}

/** Files as globs; of very many their folders, which is stricter. */
function named(files: readonly string[], from: string): Ignored[] {
  if (files.length <= MOST_PATHS) return files.map((file) => ({ glob: exactly(file), from }));
  const at = (depth: number): string[] => [
    ...new Set(
      files.map((file) =>
        `${file.split('/').slice(0, -1).slice(0, depth).map(exactly).join('/')}/**`.replace(/^\//, ''),
      ),
    ),
  ];
  const depth = [6, 5, 4, 3, 2, 1].find((one) => at(one).length <= MOST_PATHS) ?? 1;
  // A file at the root has no folder but the whole repository.
  const roots = files.filter((file) => !file.includes('/')).map(exactly);
  return [...at(depth).filter((glob) => glob !== '**'), ...roots].map((glob) => ({ glob, from }));
}

async function trackedThoughIgnored({ root, git }: Repository): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--ignored', '--exclude-standard', '--full-name'];
  const { stdout } = await git.run(root, args, { limit: LISTING_LIMIT });
  return stdout.split('\0').filter((file) => file !== '');
}

const KIB = 1024;
const DUMP_ALWAYS =
  /\.(?:dump|dmp|pgdump|bson|rdb|mdf|mdb|sql\.(?:gz|bz2|xz|zst|zip)|sqlite3?|db3|bak|parquet|avro|orc|feather)$/iu;
const DUMP_BY_NAME =
  /(?:^|[/_.-])(?:dump|backup|prod(?:uction)?[_-]?(?:data|export|db)?|snapshot)[^/]*\.(?:sql|csv|tsv|jsonl|ndjson|json\.gz|csv\.gz)$/iu;
const DUMP_BY_SIZE: readonly { readonly name: RegExp; readonly from: number }[] = [
  { name: /\.sql$/iu, from: 512 * KIB },
  { name: /\.(?:csv|tsv|jsonl|ndjson|xlsx?|xml)(?:\.gz)?$/iu, from: 1024 * KIB },
  { name: /\.json$/iu, from: 5 * 1024 * KIB },
];
const LOCK = /(?:^|\/)(?:package-lock|npm-shrinkwrap|composer\.lock|deno\.lock|packages\.lock)[^/]*$/iu;
const MOST_SIZED = 20_000;

async function dumpsIn(tree: SurveyTree): Promise<string[]> {
  const plain = tree.files.filter((file) => DUMP_ALWAYS.test(file) || DUMP_BY_NAME.test(file));
  const rest = tree.files.filter((file) => DUMP_BY_SIZE.some(({ name }) => name.test(file)) && !LOCK.test(file));
  const sizes = await tree.sizes(rest.slice(0, MOST_SIZED));
  const big = [...sizes].filter(([file, bytes]) =>
    DUMP_BY_SIZE.some(({ name, from }) => name.test(file) && bytes >= from),
  );
  return [...new Set([...plain, ...big.map(([file]) => file)])].sort();
}

const GENERATED_NAME =
  /\.(?:min\.(?:js|css)|(?:js|css)\.map|pb\.go|g\.dart|freezed\.dart|designer\.cs)$|_pb2(?:_grpc)?\.pyi?$|(?:^|\/)__generated__\//iu;
/** Above so many files their contents are not looked through for a header, which would take too long. */
const MOST_HEADERS = 20_000;
const HEADER_LINES = 10;

async function generatedIn(
  tree: SurveyTree,
  { root, git }: Repository,
  excluded: readonly string[],
): Promise<string[]> {
  const plain = tree.files.filter((file) => GENERATED_NAME.test(file));
  const leftOut = leavingOut(excluded);
  if (tree.files.length > MOST_HEADERS || leftOut === null) return plain;
  const header =
    '^[^A-Za-z]{0,12}(@generated|Code generated .*DO NOT EDIT|.*(auto-?generated|generated (by|from)).*do not (edit|modify))';
  const args = [
    'grep',
    '-n',
    '-z',
    '-I',
    '-i',
    '-E',
    '--untracked',
    '--full-name',
    '-e',
    header,
    '--',
    '.',
    ...leftOut,
  ];
  const { stdout } = await git.run(root, args, { allowExit: [1], limit: LISTING_LIMIT });
  const known = new Set(tree.files);
  const headed = [...stdout.matchAll(/([^\0\n]+)\0(\d+)\0[^\n]*/g)].flatMap(([, file = '', line]) =>
    Number(line) <= HEADER_LINES && known.has(file) ? [file] : [],
  );
  return [...new Set([...plain, ...headed])].sort();
}
