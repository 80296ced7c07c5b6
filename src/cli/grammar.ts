/**
 * What the command line takes: each verb with its flags and what stands beside them. The one source for parsing, for the
 * usage text's test and for the completion of shells. No imports: every start of the command line reads it.
 */

/** What a flag's value or an argument is; `switch` is a flag without a value, words are the ones that are allowed. */
export type Kind =
  | 'switch'
  | 'text'
  | 'number'
  | 'file'
  | 'folder'
  | 'run'
  | 'runOrFile'
  | 'blueprint'
  | 'policy'
  | 'model'
  | readonly string[];

export type VerbShape = {
  readonly flags: Readonly<Record<string, Kind>>;
  /** What its arguments without a flag are; null when it takes none. */
  readonly argument: Kind | null;
};

/** The flags that every verb has. */
export const COMMON_FLAGS = { json: 'switch', store: 'folder', workspace: 'folder' } as const satisfies Record<
  string,
  Kind
>;

export const APPROVE = ['never', 'ask', 'all'] as const;
export const APPLY = ['none', 'worktree', 'workspace'] as const;
export const IN_DOUBT = ['repeat', 'fail'] as const;
export const REPLAY_MODES = ['exact', 'step'] as const;
export const TRACE_CONTENT = ['none', 'all'] as const;
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What is shipped, by id; tests hold it to the folders. */
export const SHIPPED = {
  blueprint: [
    ...['dependency_upgrade', 'docs_update', 'investigate', 'quick_fix'],
    ...['refactor_safely', 'standard_change', 'test_repair'],
  ],
  policy: ['read_only', 'standard', 'strict'],
} as const;

const model = { model: 'model', 'base-url': 'text' } as const;

/** By the verb, or by the verb and its second word. */
export const GRAMMAR = {
  run: {
    flags: {
      ...{ blueprint: 'blueprint', task: 'text', policy: 'policy', ...model },
      ...{ approve: APPROVE, apply: APPLY, zones: 'text' },
    },
    argument: null,
  },
  runs: { flags: {}, argument: null },
  show: { flags: { from: 'number', to: 'number', type: 'text' }, argument: 'run' },
  verify: { flags: { head: 'text' }, argument: 'runOrFile' },
  replay: { flags: { mode: REPLAY_MODES, node: 'text' }, argument: 'run' },
  resume: { flags: { 'in-doubt': IN_DOUBT, ...model, approve: APPROVE, apply: APPLY }, argument: 'run' },
  'what-if': { flags: { policy: 'policy' }, argument: 'run' },
  compare: { flags: {}, argument: 'run' },
  export: { flags: { out: 'file' }, argument: 'run' },
  import: { flags: {}, argument: 'file' },
  trace: { flags: { endpoint: 'text', content: TRACE_CONTENT }, argument: 'run' },
  'blueprint check': { flags: { model: 'model' }, argument: 'blueprint' },
  plan: { flags: { task: 'text', tasks: 'file', policy: 'policy' }, argument: null },
  'policy check': {
    flags: { policy: 'policy', toolset: 'file', action: 'text', actions: 'file' },
    argument: null,
  },
  'policy lint': { flags: {}, argument: 'policy' },
  mcp: { flags: {}, argument: null },
  redact: { flags: { jsonl: 'switch' }, argument: null },
  doctor: { flags: { policy: 'policy', ...model }, argument: null },
  completion: { flags: {}, argument: SHELLS },
} as const satisfies Record<string, VerbShape>;

export type VerbPath = keyof typeof GRAMMAR;

/** All verbs with their flags, the common ones with them. */
export function shapes(): readonly (VerbShape & { readonly path: string })[] {
  return Object.entries<VerbShape>(GRAMMAR).map(([path, { flags, argument }]) => ({
    ...{ path, argument },
    flags: { ...flags, ...COMMON_FLAGS },
  }));
}
