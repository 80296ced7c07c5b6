/** What a model was shown and what left the machine for it. */
import type { EgressFile } from '../../events/parts';
import type { DataOf } from '../../events/schema';
import type { ModelCall, Told as ToldEvent } from './facts';
import { code, counted, groups, type Html, html, mark, NOTHING, table } from './html';
import { rest } from './rows';
import { cost, none, seqOf, type Told, took } from './section';

/** Parts or files of one event that are listed. */
const MAX_LISTED = 200;

export function models({ models: list, summary }: Told): Html {
  if (list.all === 0) return none('No model was called.');
  const heads = [
    'Event',
    'Step',
    'Turn',
    'Model',
    'Destination',
    'Bytes out',
    'Tokens in',
    'out',
    'cached',
    'Cost',
    'Took',
    'Ended',
  ];
  const total = html`<p>${counted(list.all, 'request')}; charged: ${counted(summary.modelCalls, 'call')}, ${counted(summary.tokens, 'token')}, cost ${cost(summary.costUsd)}.</p>\n`;
  return html`${total}${table(heads, list.kept.map(modelCall))}${rest(list)}`;
}

function modelCall({ seq, node, data, sent, reply, failure }: ModelCall): Html[] {
  const unknown = html`not known`;
  const about = reply?.usage.estimated ? '≈ ' : '';
  const tokens = (count: number | undefined): Html => (count === undefined ? unknown : html`${about}${count}`);
  return [
    seqOf(seq),
    html`${node}`,
    html`${data.turn}${data.retry > 0 ? `, retry ${data.retry}` : ''}`,
    html`${data.provider}:${data.model}`,
    html`${sent?.destination ?? 'not recorded'}`,
    sent === null ? unknown : html`${sent.bytes}`,
    tokens(reply?.usage.input),
    tokens(reply?.usage.output),
    tokens(reply?.usage.cached),
    cost(reply?.costUsd ?? null),
    reply === null && failure === null ? unknown : took(reply?.ms ?? failure?.ms ?? 0),
    ended(reply, failure),
  ];
}

function ended(reply: DataOf<'model.responded'> | null, failure: DataOf<'model.failed'> | null): Html {
  if (failure !== null) return html`${mark('bad', failure.code)} ${failure.message}`;
  if (reply === null) return mark('warn', 'no reply is recorded');
  const calls = reply.toolCalls.length;
  return html`${reply.stop}${calls === 0 ? '' : `, ${counted(calls, 'tool call')}`}`;
}

export function egress({ egress: list, destinations }: Told): Html {
  if (list.all === 0) return none('Nothing was sent to a model.');
  const totals = [...destinations].map(([destination, { requests, bytes }]) => [
    html`${destination}`,
    html`${requests}`,
    html`${bytes}`,
  ]);
  return html`${table(['Destination', 'Requests', 'Bytes'], totals)}<p class="soft">Each request, with the parts that were new in it. What went along from
earlier requests is counted as carried. The text of a part is in the model request that follows it.</p>
${table(['Event', 'Step', 'To', 'Bytes', 'New parts', 'Carried'], list.kept.map(request))}${rest(list)}`;
}

function request({ seq, node, data }: ToldEvent<'egress.sent'>): Html[] {
  const more = data.parts.length - MAX_LISTED;
  const parts = data.parts
    .slice(0, MAX_LISTED)
    .map(
      (part) =>
        html`<li>${part.source}: ${counted(part.bytes, 'byte')}, ${redacted(part.redactions)}, ${code(part.sha256)}${shown(part.files ?? [])}</li>\n`,
    );
  return [
    seqOf(seq),
    html`${node}`,
    html`${data.destination}`,
    html`${data.bytes}`,
    html`<ul>${parts}</ul>${more > 0 ? html`<p class="cut">${more} more parts are in the journal.</p>` : NOTHING}`,
    html`${counted(data.carried.parts, 'part')}, ${counted(data.carried.bytes, 'byte')}`,
  ];
}

/** The files of a part, where they were recorded. */
function shown(files: readonly EgressFile[]): Html {
  if (files.length === 0) return NOTHING;
  const named = files
    .slice(0, MAX_LISTED)
    .map(
      ({ path, lines }, at) =>
        html`${at === 0 ? ' ' : ', '}${code(path)}${lines === null ? '' : ` lines ${lines[0]}–${lines[1]}`}`,
    );
  const more = files.length - MAX_LISTED;
  return html`; shows${named}${more > 0 ? ` and ${more} more` : ''}`;
}

function redacted(redactions: Readonly<Record<string, number>>): Html {
  const kinds = Object.entries(redactions);
  if (kinds.length === 0) return html`nothing redacted`;
  return mark('warn', `redacted: ${kinds.map(([kind, times]) => `${kind} ${groups(times)}`).join(', ')}`);
}

export function context({ contexts }: Told): Html {
  if (contexts.all === 0) return none('No context was built.');
  return html`${contexts.kept.map(built)}${rest(contexts)}`;
}

function built({ seq, node, data: { files, withheld, bytes } }: ToldEvent<'context.built'>): Html {
  const fileRows = files
    .slice(0, MAX_LISTED)
    .map((file) => [
      code(file.path),
      html`${file.lines[0]}–${file.lines[1]}`,
      html`${file.bytes}`,
      html`${file.why}`,
      code(file.sha256),
    ]);
  const withheldRows = withheld.slice(0, MAX_LISTED).map(({ path, rule }) => [code(path), code(rule)]);
  const cutOff = files.length > MAX_LISTED || withheld.length > MAX_LISTED;
  return html`<h3>Step ${node}, event ${seq}: ${counted(files.length, 'file')}, ${counted(bytes, 'byte')}; ${withheld.length} withheld</h3>
${table(['File', 'Lines', 'Bytes', 'Why', 'SHA-256'], fileRows)}${withheldRows.length === 0 ? NOTHING : table(['Withheld', 'By rule'], withheldRows)}${
  cutOff ? html`<p class="cut">The lists are cut at ${MAX_LISTED}; all are in the journal.</p>` : NOTHING
}`;
}
