/** What was done: commands, tool calls, files, artifacts. */
import type { FileVersion } from '../../events/parts';
import { canonicalize } from '../../kernel/json';
import { own } from '../../kernel/own';
import { blobEntry, JOURNAL } from '../format';
import { type Call, membersOf, type Told as ToldEvent } from './facts';
import { code, counted, type Html, html, table } from './html';
import { add, rest, rows } from './rows';
import { declared, snapshotOf } from './rules';
import { none, seqOf, type Told, took, verdict } from './section';

const OUTPUT = 4000;

export function commands({ commands: list, excerpts, origin }: Told): Html {
  if (list.all === 0) return none('No command was run.');
  const declared = projectCommands(excerpts.text(origin.data.policy.content));
  const heads = ['Event', 'Step', 'Command', 'Exit code', 'Confinement', 'Took', 'Output'];
  const lines = list.kept.map(({ seq, node, tool, input, about, finished }) => {
    const name = membersOf(input).name;
    const argv = tool === 'run_project_command' && typeof name === 'string' ? own(declared, name) : undefined;
    return [
      seqOf(seq),
      html`${node}`,
      html`${tool} ${code(argv === undefined ? about : `${about}: ${argv}`)}`,
      html`${finished?.exitCode ?? 'none'}${finished?.outcome === 'ok' ? '' : html` ${verdict(finished?.outcome ?? '')}`}`,
      html`${finished?.confinement ?? ''}`,
      took(finished?.ms ?? 0),
      finished === null ? html`` : excerpts.show(finished.output, OUTPUT, seq),
    ];
  });
  return html`${table(heads, lines)}${rest(list)}`;
}

/** The arguments of each command that the project declares, as text; none when the snapshot cannot be read. */
function projectCommands(content: string | null): Readonly<Record<string, string>> {
  const snapshot = snapshotOf(content);
  if (snapshot === null) return {};
  return Object.fromEntries(declared(snapshot.commands).map(([name, { argv }]) => [name, canonicalize(argv)]));
}

export function calls({ calls: list, open }: Told): Html {
  if (list.all === 0 && open.calls.size === 0) return none('No tool was called.');
  const heads = ['Event', 'Step', 'Asked for by', 'Tool', 'About', 'Policy', 'Outcome', 'How it was held'];
  const lines = [...list.kept, ...open.calls.values()].map(call);
  return html`${table(heads, lines)}${rest(list)}`;
}

const call = ({ seq, node, origin, tool, about, decision, finished }: Call): Html[] => [
  seqOf(seq),
  html`${node}`,
  html`${origin === 'agent' ? 'the model' : 'the blueprint'}`,
  html`${tool}`,
  code(about),
  verdict(decision),
  finished === null ? html`no outcome is recorded` : verdict(finished.outcome),
  html`${finished?.confinement ?? ''}`,
];

export function files({ files: list, summary }: Told): Html {
  if (list.all === 0) return none('No file was changed.');
  const net = rows<Told['summary']['touched'][number]>();
  for (const file of summary.touched) if (file.before !== file.after) add(net, file);
  const netRows = net.kept.map(({ path, before, after }) => [
    code(path),
    html`${before === null ? 'not there' : code(before)}`,
    html`${after === null ? 'deleted' : code(after)}`,
  ]);
  const changes = list.kept.map((file) => change(file));
  return html`<h3>In the end, against the start (${summary.filesChanged.length})</h3>
${table(['File', 'SHA-256 before', 'SHA-256 after'], netRows)}${rest(net)}<h3>Each change</h3>
${table(['Event', 'Step', 'File', 'How', 'Before', 'After'], changes)}${rest(list)}`;
}

const change = ({ seq, node, data }: ToldEvent<'file.changed'>): Html[] => [
  seqOf(seq),
  html`${node}`,
  code(data.path),
  html`${data.how}`,
  version(data.before, 'not there'),
  version(data.after, 'deleted'),
];

function version(file: FileVersion | null, absent: string): Html {
  if (file === null) return html`${absent}`;
  return html`${code(file.sha256)} ${counted(file.bytes, 'byte')}${file.kept ? '' : '; content not kept, for it holds what looks like a secret'}`;
}

export function artifacts({ artifacts: list }: Told): Html {
  if (list.all === 0) return none('No artifact was made.');
  const lines = list.kept.map(({ seq, node, data }) => [
    seqOf(seq),
    html`${node}`,
    html`${data.name} (${data.kind}, ${data.media})`,
    html`${data.summary}`,
    code(typeof data.content === 'string' ? `${JOURNAL}, event ${seq}` : blobEntry(data.content.blob)),
  ]);
  return html`${table(['Event', 'Step', 'Artifact', 'Summary', 'Where its text is'], lines)}${rest(list)}`;
}
