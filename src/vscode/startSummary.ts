/** What a person sees before a run starts: what it can take, which model it asks, what decides, which commands it executes. Pure. */
import { formatCount } from '../protocol/format';
import { lowerLimitWords, worstCaseWords } from '../protocol/worstCaseWords';
import { labelText } from './exactText';
import { type Changed, doubtOver, planRows } from './planRows';
import type { RunPreview } from './runs';
import type { SummaryRow } from './summaryRow';

const MANAGED = 'What it does not allow is denied, whatever the others say';
const TIGHTENS = 'It only tightens';

/** `confirmed`: a person has seen these very commands in this repository before; `changed`: what they changed of the plan. */
export function summaryRows(preview: RunPreview, confirmed: boolean, changed: Changed = {}): SummaryRow[] {
  const { model, bound, budget, commands, servers, policy } = preview;
  const minutes = formatCount(Math.ceil(bound.minutes), 'minute');
  const lower = lowerLimitWords(bound, budget);
  return [
    ...startRows(confirmed, doubtOver(preview, changed)),
    { kind: 'edit', label: '$(edit) Edit Commands', description: '.openexec/project.yaml' },
    { kind: 'back', label: '$(arrow-left) Back' },
    ...planRows(preview, changed),
    { kind: 'heading', label: 'worst case' },
    { kind: 'said', label: `${worstCaseWords(bound)}, ${minutes}` },
    ...(lower === ''
      ? []
      : [{ kind: 'said' as const, label: `At most ${lower}`, description: "the blueprint's budget" }]),
    { kind: 'heading', label: 'model' },
    { kind: 'said', label: labelText(`${model.provider}:${model.name}`), description: labelText(model.destination) },
    { kind: 'heading', label: 'policy' },
    { kind: 'said', label: labelText(policy.id), description: labelText(policy.source) },
    ...policy.layers.map(({ layer, id, source }) => ({
      kind: 'said' as const,
      label: labelText(`${layer}: ${id}`),
      description: labelText(source),
      detail: layer === 'managed' ? MANAGED : TIGHTENS,
    })),
    { kind: 'heading', label: 'project commands' },
    ...commands.map(({ name, line, source }) => ({
      kind: 'said' as const,
      label: labelText(`${name}: ${line}`),
      description: labelText(source),
    })),
    ...(commands.length > 0 ? [] : [{ kind: 'said' as const, label: 'None was found' }]),
    ...(servers.length === 0 ? [] : [{ kind: 'heading' as const, label: 'MCP servers' }]),
    ...servers.map(({ id, line, agreed, tools }) => ({
      kind: 'said' as const,
      label: labelText(`${id}: ${line}`),
      description: agreed
        ? `agreed to; ${formatCount(tools, 'tool')}; checked at the start`
        : 'not agreed to; checked at the start',
    })),
  ];
}

/** The start; over a plan that somebody should look at twice, not what Enter alone chooses. */
function startRows(confirmed: boolean, doubt: string | null): SummaryRow[] {
  const label = confirmed ? '$(play) Start' : '$(check) Confirm the Commands and Start';
  if (doubt === null) return [{ kind: 'start', label }];
  const why = labelText(`${doubt.charAt(0).toUpperCase()}${doubt.slice(1)}`);
  return [
    { kind: 'said', label: '$(warning) Look Twice', detail: `${why}.` },
    { kind: 'start', label: `${label} Anyway`, detail: 'You are not asked again; your agreement is recorded' },
  ];
}
