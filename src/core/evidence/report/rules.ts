/** Who was asked and what they answered, what the policy refused, and the policy itself. */
import { OpenExecError } from '../../kernel/errors';
import { canonicalize } from '../../kernel/json';
import type { Policy, Snapshot } from '../../policy/schema';
import { thaw } from '../../policy/snapshot';
import type { Approval, Decision } from './facts';
import { code, counted, facts, type Html, html, NOTHING, table } from './html';
import { type Excerpts, rest } from './rows';
import { none, prose, seqOf, type Told, time, verdict, words } from './section';

/** Characters; an answer is bound to its exact text, so that there is room for most of them. */
const DETAIL = 40_000;
const RAW = 20_000;

export function approvals({ accepted, approvals: list, excerpts }: Told): Html {
  const plan =
    accepted === null
      ? none('No plan was accepted.')
      : html`<p>The plan was accepted by ${accepted.data.by} (event ${seqOf(accepted.seq)}),
${accepted.data.changes.length === 0 ? 'as it was proposed' : `with these changes: ${accepted.data.changes.join('; ')}`}.</p>\n`;
  if (list.all === 0) return html`${plan}${none('Nobody was asked for anything else.')}`;
  return html`${plan}${list.kept.map((row) => approval(row, excerpts))}${rest(list)}`;
}

function approval(row: Approval, excerpts: Excerpts): Html {
  const { answer, detail, snapshot } = row;
  const forAll = answer?.data.scope === 'run' ? ', for this very call in the whole run' : '';
  const said = answer === null ? verdict('') : html`${verdict(answer.data.verdict)} by ${answer.data.by}${forAll}`;
  const reason = answer === null || answer.data.reason === '' ? '' : ` — ${answer.data.reason}`;
  const when = answer === null ? NOTHING : html`, ${time(answer.at)} (event ${seqOf(answer.seq)})`;
  return html`<h3>${row.title}</h3>
${facts([
  ['Answer', html`${said}${when}${reason}`],
  ['Asked at', html`${time(row.at)} (event ${seqOf(row.seq)}${row.node === '' ? '' : `, step ${row.node}`})`],
  ['Approval', code(row.id)],
  ...(snapshot === null ? [] : [['Under policy', code(snapshot)] as const]),
])}${detail === null ? NOTHING : html`<p class="soft">Exactly this was asked:</p>${excerpts.show(detail.text, DETAIL, detail.seq)}`}${edited(row, excerpts)}\n`;
}

/** What a person wrote in its place; the policy decided on that anew, as on any call. */
function edited({ answer }: Approval, excerpts: Excerpts): Html {
  if (answer?.data.edited === undefined) return NOTHING;
  return html`<p class="soft">It was changed to this, and done only so:</p>${excerpts.show(answer.data.edited, DETAIL, answer.seq)}`;
}

export function decisions({ refused, decisions: all, summary }: Told): Html {
  const outside = summary.outsideToolset;
  const ofThem = outside === 0 ? '' : ` (${outside} because the run or its step has no such tool)`;
  const count = html`<p>${counted(all.allow + all.ask + all.deny, 'decision')}: ${all.allow} allowed, ${all.ask} had to be asked,
${all.deny} denied${ofThem}.</p>\n`;
  if (refused.all === 0) return html`${count}${none('Every call was allowed by a rule.')}`;
  const heads = ['Event', 'Step', 'Call', 'Capability', 'Decision', 'Rule', 'Reason'];
  return html`${count}${table(heads, refused.kept.map(decision))}${rest(refused)}`;
}

function decision({ seq, node, call, data, answer }: Decision): Html[] {
  const asked = data.decision === 'ask' ? html`, ${verdict(answer)}` : NOTHING;
  return [
    seqOf(seq),
    html`${node}`,
    html`${data.tool} ${code(call?.about ?? '')}`,
    html`${data.capability}`,
    html`${verdict(data.decision)}${asked}`,
    html`${code(data.rule)} (${data.layer})`,
    prose(data.reason),
  ];
}

export function policy({ origin, excerpts }: Told): Html {
  const { id, snapshot: hash, content } = origin.data.policy;
  const named = facts([
    ['Policy', html`${id}`],
    ['Hash of the snapshot', code(hash)],
    ['Whole text', html`${code('policy.json')}, frozen at the start; every decision names its hash`],
  ]);
  const snapshot = snapshotOf(excerpts.text(content));
  return snapshot === null ? html`${named}${excerpts.show(content, RAW, 0)}` : html`${named}${parts(snapshot)}`;
}

/** The commands that a project declares, by their names. */
export const declared = (commands: Snapshot['commands']) =>
  Object.entries(commands).flatMap(([name, command]) => (command === undefined ? [] : [[name, command] as const]));

/** A snapshot of a form that this version does not know is shown as its text. */
export function snapshotOf(content: string | null): Snapshot | null {
  if (content === null) return null;
  try {
    return thaw(content);
  } catch (error) {
    if (error instanceof OpenExecError) return null;
    throw error;
  }
}

function parts(snapshot: Snapshot): Html {
  const { policy: chosen, source, layers = [], mcp = [], toolset, toolsets, commands } = snapshot;
  const commandRows = declared(commands).map(([name, { argv, source: found }]) => [
    html`${name}`,
    code(canonicalize(argv)),
    html`${found}`,
  ]);
  const others = layers.map(
    (layer) => html`<h3>The ${layer.layer} policy ${layer.policy.id} (${layer.source})</h3>
<p>${layer.complete ? 'What it does not allow is denied.' : 'It only tightens: what it allows says nothing.'}</p>
${rulesOf(layer.policy)}`,
  );
  const servers = mcp.map(({ name, description, sha256 }) => [code(name), prose(description), code(sha256)]);
  return html`<p>${chosen.description}${source === undefined ? '' : ` (${source})`}</p>
${rulesOf(chosen)}<p>What no rule allows is denied.</p>
${others}<h3>Toolset ${toolset.id}</h3>
<p>${words(toolset.tools)}</p>
${Object.entries(toolsets ?? {}).map(([node, { id, tools }]) => html`<p>In the step ${node} only those of the toolset ${id}: ${words(tools)}</p>\n`)}${
  servers.length === 0
    ? NOTHING
    : html`<h3>Tools of MCP servers, as they were agreed to</h3>
${table(['Tool', 'Description', 'SHA-256'], servers)}`
}<h3>Commands of the project</h3>
${commandRows.length === 0 ? none('None were declared or found.') : table(['Name', 'Arguments', 'Found in'], commandRows)}`;
}

function rulesOf({ rules }: Policy): Html {
  const lines = rules.map((rule) => [
    code(rule.id),
    verdict(rule.effect),
    words(rule.capabilities),
    ...[rule.paths, rule.tools, rule.commands, rule.hosts].map((only) =>
      only === undefined ? html`any` : code(only.join('\n')),
    ),
    prose(rule.reason),
  ]);
  return table(['Rule', 'Effect', 'Capabilities', 'Paths', 'Tools', 'Commands', 'Hosts', 'Reason'], lines);
}
