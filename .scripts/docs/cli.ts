/** docs/cli.md: the verbs, their flags and what they print, of the grammar and the schemas. */
import { z } from 'zod';
import { COMMON_FLAGS, GRAMMAR, type Kind, type VerbPath, type VerbShape } from '../../src/cli/grammar';
import { DOCUMENTS } from './documents';
import type { Page } from './page';

const VALUE = {
  switch: '',
  text: 'TEXT',
  number: 'N',
  file: 'FILE',
  folder: 'DIR',
  run: 'RUN',
  runOrFile: 'RUN|FILE',
  blueprint: 'ID|FILE',
  policy: 'ID|FILE',
  model: 'PROVIDER:MODEL',
} as const;

const placeOf = (kind: Kind): string => (typeof kind === 'string' ? VALUE[kind] : kind.join('|'));
const flagOf = ([name, kind]: [string, Kind]): string => `--${name} ${placeOf(kind)}`.trimEnd();

/** What each verb does, in a line. */
const ABOUT: Readonly<Record<VerbPath, string>> = {
  run: 'One run of a blueprint, to its end.',
  runs: 'The runs of a store, newest first.',
  show: 'The events of a run.',
  verify:
    'Checks the record of a run, or an evidence bundle. Of its document, `runId` and `signedBy` come with a bundle only.',
  replay: 'The engine again on recorded effects, without network, model or tool.',
  resume: 'Goes on with a run that was paused or broke off.',
  'what-if': 'Every recorded call decided again under another policy.',
  compare: 'Two to six runs: where they first differ, and in what.',
  export: 'Writes an evidence bundle; signed when `OPENEXEC_SIGNING_KEY` holds an Ed25519 key (PEM).',
  import: 'Takes an evidence bundle into a store, after verifying it.',
  trace: 'Sends a run to an OpenTelemetry collector.',
  'blueprint check': 'The problems of a blueprint with line and column, and its worst case.',
  plan: 'What the gatekeeper makes of a task, before anything is started or sent.',
  'policy check': 'What a policy says about an action, by which rule and why.',
  'policy lint': 'What is wrong with a policy or a toolset.',
  mcp: 'The declared MCP servers and their tools; at a terminal it asks about new ones.',
  redact: 'Standard input without secrets and personal data.',
  doctor: 'What is found of all that a run needs.',
  completion: 'A script that completes verbs, flags and values in a shell.',
};

/** The events have a reference of their own, and their schema is longer than all the rest. */
const LONG: readonly VerbPath[] = ['show'];

function sectionOf(verb: VerbPath): string {
  const { flags, argument }: VerbShape = GRAMMAR[verb];
  const own = Object.entries(flags);
  const words = [
    'openexec',
    verb,
    ...(argument === null ? [] : [placeOf(argument)]),
    ...(verb === 'compare' ? ['RUN…'] : []),
  ];
  const schema = LONG.includes(verb)
    ? 'With `--json`: an array of events as in the journal, payloads inlined.'
    : `<details><summary>JSON Schema of what <code>--json</code> prints</summary>\n\n\`\`\`json\n${schemaText(verb)}\n\`\`\`\n\n</details>`;
  const listed = own.length === 0 ? 'No flags of its own.' : own.map((flag) => `- \`${flagOf(flag)}\``).join('\n');
  return `### ${verb}\n\n${ABOUT[verb]}\n\n\`${words.join(' ')}\`\n\n${listed}\n\n${schema}\n`;
}

function schemaText(verb: VerbPath): string {
  const { $schema: _, ...schema } = z.toJSONSchema(DOCUMENTS[verb], {
    // Members may be added, so that a reader's check is not to be closed; the one of the tests is.
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return JSON.stringify(schema, null, 2);
}

/** The reference of the command line. */
export function cliPage(): Page {
  const common = Object.entries<Kind>(COMMON_FLAGS).map((flag) => `\`${flagOf(flag)}\``);
  const text = `# The command line

<!-- Written by npm run docs; a test holds it up to date. -->

\`openexec --help\` says in a line what each verb does; [ci.md](ci.md) shows a workflow. Every verb takes ${common.join(', ')}.
With \`--json\`, standard output is one JSON document and nothing else; \`plan --tasks\`, \`policy check --actions\` and
\`redact --jsonl\` print one such document a line. Members may be added; those that are named stay.

| exit code | |
| --- | --- |
| 0 | done, and fine |
| 1 | the run failed, or a check found something |
| 2 | wrong use: one line on standard error says what, and what is allowed |
| 3 | paused for a person |
| 4 | stopped by policy or budget |

## Verbs

${(Object.keys(GRAMMAR) as VerbPath[]).map(sectionOf).join('\n')}`;
  return { path: 'docs/cli.md', text };
}
