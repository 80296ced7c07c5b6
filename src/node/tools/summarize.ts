/** summarize: keeps the text that the engine wrote about the run as an artifact. */
import { oneLine } from '../../core/kernel/text';
import type { ToolInput } from '../../core/tools/contracts';
import type { ToolAnswer, ToolContext } from './context';

export function summarize({ call }: ToolContext, { text }: ToolInput<'summarize'>): ToolAnswer {
  const title = text.split('\n').find((line) => line.trim() !== '') ?? '';
  const summary = oneLine(title.replace(/^#+ */, ''), 120);
  const data = { call, name: 'summary', kind: 'report', media: 'text/markdown', content: text, summary } as const;
  return {
    outcome: 'ok',
    output: `kept a summary of ${text.length} characters`,
    events: [{ type: 'artifact.created', data }],
  };
}
