/** What a person sees before a run starts: what it can take, which model it asks, which commands it executes. Pure. */
import { formatCount } from '../protocol/format';
import { lowerLimitWords, worstCaseWords } from '../protocol/worstCaseWords';
import type { RunPreview } from './runs';

export type SummaryRow = {
  /** A heading, a choice, or something that is only said. */
  readonly kind: 'heading' | 'start' | 'edit' | 'back' | 'said';
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
};

/** `confirmed`: a person has seen these very commands in this repository before. */
export function summaryRows(preview: RunPreview, confirmed: boolean): SummaryRow[] {
  const { model, bound, budget, commands } = preview;
  const minutes = formatCount(Math.ceil(bound.minutes), 'minute');
  const lower = lowerLimitWords(bound, budget);
  return [
    { kind: 'start', label: confirmed ? '$(play) Start' : '$(check) Confirm the Commands and Start' },
    { kind: 'edit', label: '$(edit) Edit Commands', description: '.openexec/project.yaml' },
    { kind: 'back', label: '$(arrow-left) Back' },
    { kind: 'heading', label: 'worst case' },
    { kind: 'said', label: `${worstCaseWords(bound)}, ${minutes}` },
    ...(lower === ''
      ? []
      : [{ kind: 'said' as const, label: `At most ${lower}`, description: "the blueprint's budget" }]),
    { kind: 'heading', label: 'model' },
    { kind: 'said', label: `${model.provider}:${model.name}`, description: model.destination },
    { kind: 'heading', label: 'project commands' },
    ...commands.map(({ name, line, source }) => ({
      kind: 'said' as const,
      label: `${name}: ${line}`,
      description: source,
    })),
    ...(commands.length > 0 ? [] : [{ kind: 'said' as const, label: 'None was found' }]),
  ];
}
