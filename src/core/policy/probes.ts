/**
 * Calls that show what a policy decides: an ordinary one of every tool, and one for everything that a rule, a toolset or the
 * project's commands name. What no rule names is decided as the ordinary one is.
 */
import type { PathFact } from '../events/parts';
import { type AnyToolInput, TOOLS, type ToolName } from '../tools/contracts';
import type { PolicyRequest } from './evaluate';
import { matchesAny } from './globs';
import { namesTool } from './names';
import { requestOf } from './request';
import { type Capability, PROJECT_COMMANDS, type Rule, type Snapshot } from './schema';

export type Probe = {
  /** What is asked, in words. */
  readonly what: string;
  /** The request of it under a snapshot, by the commands and in the way of its time. */
  readonly requestIn: (snapshot: Snapshot) => PolicyRequest;
};

/** Files of which one is likely meant by no rule in particular. */
const ORDINARY = ['some-file.txt', 'src/some-file.txt', 'some/other/folder/some-file', 'some-file.unusual'];
/** Tools that are called with a path. */
const WITH_PATH = new Set<string>(
  'read_file list_directory search write_file replace_in_file delete_file apply_patch git_diff git_log'.split(' '),
);
/** Samples of one glob, and how long one may become. */
const SAMPLES = 16;

/** What is done with a path, and the tools that do it when a rule names none: the first that either toolset has. */
const PATH_PROBES: readonly { capability: Capability; tools: readonly ToolName[]; doing: string }[] = [
  { capability: 'repo_read', tools: ['read_file', 'list_directory', 'search', 'git_diff'], doing: 'reading' },
  { capability: 'repo_write', tools: ['write_file', 'replace_in_file', 'apply_patch'], doing: 'writing' },
  { capability: 'repo_delete', tools: ['delete_file', 'apply_patch'], doing: 'deleting' },
  { capability: 'context_egress', tools: ['build_context', 'read_file', 'search'], doing: 'sending' },
];

/** Every probe that either snapshot gives reason for, what is decided for all first. Deterministic. */
export function probesOf(...snapshots: readonly Snapshot[]): Probe[] {
  const rules = snapshots.flatMap(rulesOf);
  return [
    ...toolProbes(snapshots, ordinaryOf(rules)),
    ...unique(rules.flatMap(({ hosts = [] }) => hosts)).map(hostProbe),
    ...PROJECT_COMMANDS.map((name) =>
      call(`the project command ${name}`, { tool: 'run_project_command', input: { name } }),
    ),
    ...commandLines(snapshots, rules).map(commandProbe),
    ...rules.flatMap((rule) => rulePathProbes(rule, snapshots, ordinaryOf(rules))),
  ];
}

const rulesOf = ({ policy, layers = [] }: Snapshot): Rule[] =>
  [policy, ...layers.map((one) => one.policy)].flatMap((one) => one.rules);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

const found = (inside: string): PathFact => ({ asked: inside, inside, problem: null });

/** The file that the fewest globs mean. */
function ordinaryOf(rules: readonly Rule[]): string {
  const meaning = (file: string): number => rules.filter(({ paths }) => paths && matchesAny(paths, file)).length;
  return ORDINARY.reduce((best, file) => (meaning(file) < meaning(best) ? file : best));
}

/** An ordinary call of every tool that a toolset names, and of every tool of an MCP server. */
function toolProbes(snapshots: readonly Snapshot[], ordinary: string): Probe[] {
  const named = unique([
    ...snapshots.flatMap(({ toolset }) => toolset.tools),
    ...snapshots.flatMap(({ mcp = [] }) => mcp.map(({ name }) => name)),
  ]);
  return named.flatMap((tool): Probe[] => {
    const capability = (Object.hasOwn(TOOLS, tool) ? TOOLS[tool as ToolName] : TOOLS.mcp).capability;
    const paths = WITH_PATH.has(tool) ? [found(ordinary)] : [];
    // Decided as lines and addresses of their own are.
    if (tool === 'run_command' || tool === 'fetch_url') return [];
    return [{ what: `the tool ${tool}`, requestIn: () => ({ tool, capability, paths }) }];
  });
}

function hostProbe(host: string): Probe {
  const name = host === '*' ? 'www.example.com' : host.replace(/^\*\./, 'any-host.');
  return call(`fetching from ${host}`, { tool: 'fetch_url', input: { url: `https://${name}/` } });
}

function commandLines(snapshots: readonly Snapshot[], rules: readonly Rule[]): string[] {
  const declared = snapshots.flatMap(({ commands }) =>
    Object.values(commands).map((command) => command?.argv.join(' ') ?? ''),
  );
  const usual = ['ls', 'git status', 'some-other-program', 'curl https://www.example.com/'];
  return unique([...usual, ...declared, ...rules.flatMap(({ commands = [] }) => commands)]).filter(
    (line) => line !== '',
  );
}

const commandProbe = (command: string): Probe =>
  call(`the command line \`${command}\``, { tool: 'run_command', input: { command } });

const call = (what: string, input: AnyToolInput, paths: readonly PathFact[] = []): Probe => ({
  what,
  requestIn: ({ commands, source }) =>
    requestOf(input, { paths: [...paths] }, commands, source === undefined ? 2 : undefined),
});

/** A rule's own tools and commands, each over every capability and path that it names. */
function rulePathProbes(rule: Rule, snapshots: readonly Snapshot[], ordinary: string): Probe[] {
  const targets = (rule.paths ?? [ordinary]).flatMap((glob) => samplesOf(glob).map((path) => ({ glob, path })));
  return PATH_PROBES.filter(({ capability }) => rule.capabilities.includes(capability)).flatMap((kind) =>
    targets.flatMap(({ glob, path }) => {
      const what = `${kind.doing} ${glob}`;
      const byTool = toolsOf(rule, kind.tools, snapshots).map((tool): Probe => {
        const capability = (Object.hasOwn(TOOLS, tool) ? TOOLS[tool as ToolName] : TOOLS.mcp).capability;
        const fact = capability === kind.capability ? found(path) : { ...found(path), needs: kind.capability };
        const how = rule.tools === undefined ? what : `${what} with ${tool}`;
        return { what: how, requestIn: () => ({ tool, capability, paths: [fact] }) };
      });
      const lines = rule.commands ?? (rule.tools?.some((name) => namesTool(name, 'run_command')) ? ['cat'] : []);
      const byLine = lines.map((command) =>
        call(`${what} by \`${command}\``, { tool: 'run_command', input: { command } }, [
          { ...found(path), needs: kind.capability },
        ]),
      );
      return [...byTool, ...byLine];
    }),
  );
}

function toolsOf(rule: Rule, usual: readonly ToolName[], snapshots: readonly Snapshot[]): readonly string[] {
  if (rule.commands !== undefined) return [];
  const { tools } = rule;
  if (tools === undefined) {
    const held = (tool: string): boolean =>
      snapshots.some(({ toolset }) => toolset.tools.some((pattern) => namesTool(pattern, tool)));
    return [usual.find(held) ?? usual[0] ?? 'read_file'];
  }
  return Object.keys(TOOLS).filter(
    (tool) => tool !== 'run_command' && tools.some((pattern) => namesTool(pattern, tool)),
  );
}

/** True where the samples do not stand for all that the glob means: a change of it may not show in them. */
export function isBeyondSamples(glob: string): boolean {
  if (/[!*+?@]\(|\[|\.\./.test(glob)) return true;
  const open = braces(glob);
  const all = open.length < SAMPLES && open.every((one) => samplesOf(one).length > 0);
  return !all || open.flatMap(samplesOf).length > SAMPLES;
}

/** Paths that the glob matches; none for one whose form is not known. */
export function samplesOf(glob: string): string[] {
  const plain = braces(glob).flatMap((one) => {
    const named = one
      .replace(/[!*+?@]\(([^()|]*)[^()]*\)/g, (group, first: string) =>
        group.startsWith('@') || group.startsWith('+') ? first : 'some',
      )
      .replace(/\[([^\]!^])[^\]]*\]/g, '$1')
      .replace(/\/\*\*$/, '/some')
      .replace(/\?/g, 's');
    return [named.replaceAll('**/', ''), named.replaceAll('**/', 'some/')].map((path) => path.replace(/\*+/g, 'some'));
  });
  return unique(plain)
    .filter((path) => matchesAny([glob], path))
    .slice(0, SAMPLES);
}

/** The alternatives of braces, the first of them up to the limit. */
function braces(glob: string): string[] {
  let open = [glob];
  for (;;) {
    const next = open.flatMap((one) => {
      const group = /\{([^{}]*)\}/.exec(one);
      if (!group) return [one];
      const [whole, inner = ''] = group;
      return inner.split(',').map((word) => one.replace(whole, () => word));
    });
    if (next.length === open.length && next.every((one, at) => one === open[at])) return open;
    open = next.slice(0, SAMPLES);
  }
}
