/** The course of the run: plan, steps, interruptions; and what it ran on: blueprint, versions. */
import { type Blueprint, type BlueprintNode, blueprintSchema, type Route } from '../../blueprint/schema';
import { assertNever } from '../../kernel/assertNever';
import type { Happening, Visit } from './facts';
import { code, counted, facts, type Html, html, NOTHING, table } from './html';
import { rest } from './rows';
import { cost, none, period, prose, seqOf, type Told, time, verdict, words } from './section';

const RAW = 20_000;

export function plan({ accepted }: Told): Html {
  if (accepted === null) return none('No plan was accepted.');
  const { plan: of, changes, by } = accepted.data;
  return html`${facts([
    ['Accepted by', html`${by} (event ${seqOf(accepted.seq)})`],
    ['Changed by them', words(changes)],
    ['Mode, intent, surface', html`${of.mode}, ${of.intent}, ${of.surface}`],
    ['Sensitivity', html`${of.sensitivity}`],
    ['Risks', words(of.risk)],
    ['Models allowed', html`${ROUTES[of.route]}`],
    ['Toolset and blueprint', html`${of.toolset}, ${of.blueprint}`],
    ['Zones it may touch', code(of.zones.join('\n'))],
    ['Never shown to a model', code(of.excluded.join('\n'))],
    ['Confidence', html`${of.confidence}`],
  ])}<h3>Reasons</h3>
<ul>${of.reasons.map((reason) => html`<li>${reason}</li>\n`)}</ul>\n`;
}

const ROUTES = { cloud: 'any', local: 'local ones only', refuse: 'none: refused' } as const;

export function visits({ visits: list }: Told): Html {
  if (list.all === 0) return none('No step was begun.');
  const heads = ['Event', 'Step', 'Attempt', 'Kind', 'Does', 'Outcome', 'Went on to', 'Reason', 'When'];
  return html`${table(heads, list.kept.map(visit))}${rest(list)}`;
}

function visit({ seq, node, attempt, at, data, end }: Visit): Html[] {
  return [
    seqOf(seq),
    html`${node}`,
    html`${attempt}`,
    html`${data.kind}`,
    prose(data.does),
    end === null ? html`no end is recorded` : verdict(end.data.outcome),
    end === null ? html`` : html`${end.data.next} (${end.data.why})`,
    end === null ? html`` : prose(end.data.reason),
    end === null ? time(at) : period(at, end.at),
  ];
}

export function blueprint({ origin, excerpts }: Told): Html {
  const { blueprint: of, bound, budget } = origin.data;
  const named = facts([
    ['Blueprint', html`${of.id}`],
    ['Hash', code(of.hash)],
    ['Whole text', code('blueprint.json')],
    [
      'Worst case, computed before the start',
      html`${counted(bound.nodeExecutions, 'step')}, ${counted(bound.modelCalls, 'model call')}, ${counted(bound.tokens, 'token')}, ${counted(bound.minutes, 'minute')}${costOf(bound.costUsd)}`,
    ],
    [
      'Limits held to',
      html`${counted(budget.modelCalls, 'model call')}, ${counted(budget.tokens, 'token')}, ${counted(budget.minutes, 'minute')}${costOf(budget.costUsd)}`,
    ],
  ]);
  const known = read(excerpts.text(of.definition));
  return known === null ? html`${named}${excerpts.show(of.definition, RAW, 0)}` : html`${named}${graph(known)}`;
}

/** Of a run that was recorded with its cost. */
const costOf = (costUsd: number | null | undefined): Html =>
  costUsd === undefined ? NOTHING : html`, ${cost(costUsd)}`;

/** A blueprint of a form that this version does not know is shown as its text. */
function read(definition: string | null): Blueprint | null {
  if (definition === null) return null;
  try {
    return blueprintSchema.safeParse(JSON.parse(definition)).data ?? null;
  } catch {
    return null;
  }
}

function graph({ title, description, start, nodes }: Blueprint): Html {
  const rows = Object.entries(nodes).map(([id, node]) => [
    html`${id}`,
    html`${node.type}`,
    prose(node.type === 'agent' ? node.goal : node.action),
    html`${routeOf(node.on_success)}`,
    html`${routeOf(node.on_failure)}`,
    html`${node.on_exhausted}`,
    html`${node.timeout_minutes}`,
  ]);
  const heads = ['Step', 'Kind', 'Does', 'On success', 'On failure', 'When used up', 'Minutes'];
  const conditions = Object.entries(nodes).flatMap(([id, node]) => {
    const said = conditionsOf(node);
    return said.length === 0 ? [] : [html`<li>${id}: ${said.join('; ')}</li>\n`];
  });
  const list = conditions.length === 0 ? NOTHING : html`<ul>${conditions}</ul>\n`;
  return html`<p>${title}. ${description} It begins with ${start}.</p>\n${table(heads, rows)}${list}`;
}

/** What a step asks for besides its routes. */
function conditionsOf(node: BlueprintNode): string[] {
  const asks = node.approval === true ? ['a person is asked before it begins'] : [];
  if (node.type === 'deterministic') return asks;
  return [
    ...asks,
    ...(node.toolset === undefined ? [] : [`tools of ${node.toolset} only`]),
    ...(node.max_tokens === undefined ? [] : [`at most ${node.max_tokens} tokens`]),
    ...(node.result === undefined ? [] : [`ends with a ${node.result.type}, which is checked`]),
  ];
}

const routeOf = (route: Route): string =>
  typeof route === 'string' ? route : `${route.to} (at most ${route.max} times)`;

export function happenings({ happenings: list }: Told): Html {
  if (list.all === 0) return none('Nothing of the kind; the record has no end of the run.');
  const rows = list.kept.map((event) => [seqOf(event.seq), time(event.at), code(event.type), html`${said(event)}`]);
  return html`${table(['Event', 'When', 'What', 'Told'], rows)}${rest(list)}`;
}

function said(event: Happening): string {
  switch (event.type) {
    case 'run.paused':
      return event.data.reason;
    case 'run.interrupted':
      return `${event.data.reason}${event.data.inDoubt === null ? '' : `; whether ${event.data.inDoubt} took effect is not known`}`;
    case 'run.resumed': {
      const { by, inDoubt, openexec } = event.data;
      const doubt =
        inDoubt === null
          ? ''
          : `; ${inDoubt.kind} ${inDoubt.id}, begun and without an outcome: ${DOUBTS[inDoubt.decision]}`;
      return `by ${by}, with OpenExec ${openexec}${doubt}`;
    }
    case 'run.cancelled':
      return `by ${event.data.by}`;
    case 'run.finished':
      return `${event.data.status}: ${event.data.reason}`;
    case 'conversation.shortened': {
      const { calls, before, after } = event.data;
      const results = calls.length === 1 ? '1 old tool result' : `${calls.length} old tool results`;
      return `${event.node ?? ''}: ${results}; ${after} bytes left of ${before}`;
    }
    case 'loop.detected':
      return `${event.node ?? ''}: ${event.data.kind}: ${event.data.detail}`;
    case 'budget.exceeded':
      return `${event.data.limit}: ${event.data.used} of ${event.data.allowed}`;
    case 'result.requested':
      return `${event.data.action} asked for by ${event.data.by}${event.data.only === undefined ? '' : `: ${event.data.only.join(', ')}`}`;
    case 'result.finished': {
      const { action, outcome, files, conflicts, reason, branch, commit } = event.data;
      const what = [
        branch === undefined ? '' : `branch ${branch}, commit ${commit ?? 'unknown'}`,
        files.length > 0 ? `files: ${files.join(', ')}` : '',
        conflicts.length > 0 ? `conflicts: ${conflicts.join(', ')}` : '',
      ];
      return [`${action} ${outcome}`, reason, ...what].filter((part) => part !== '').join('; ');
    }
    default:
      return assertNever(event);
  }
}

const DOUBTS = { repeat: 'to be done again', fail: 'taken as failed' } as const;

export function versions({ origin, happenings: list }: Told): Html {
  const { versions: of, flags, gatekeeper, seed, parent } = origin.data;
  const later = list.kept.flatMap((event) => (event.type === 'run.resumed' ? [event.data.openexec] : []));
  return facts([
    ['OpenExec', html`${of.openexec}${later.length === 0 ? '' : `; resumed with ${later.join(', ')}`}`],
    ['Engine, prompts', html`${flags.engine}, ${flags.prompt}`],
    ['Gatekeeper', html`${gatekeeper.id}, ${gatekeeper.sha256 === null ? 'no model file' : code(gatekeeper.sha256)}`],
    ['Node, platform, git', html`${of.node}, ${of.platform}, ${of.git}`],
    ['Seed', code(seed)],
    ['Made from run', html`${parent ?? 'none'}`],
  ]);
}
