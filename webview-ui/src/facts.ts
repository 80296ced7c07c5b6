/** What a run is and what it has cost so far, as names and words: for the header, and for the picture of the view. */
import { formatBytes, formatCost, formatCount, formatNumber } from '../../src/protocol/format';
import type { RunView } from '../../src/protocol/messages';

export type RunFact = {
  readonly name: string;
  readonly words: string;
  /** Told more about on hovering; the words stand alone. */
  readonly hint?: string;
  /** True where the words speak of something that was refused. */
  readonly bad?: boolean;
};

export function factsOf(run: RunView): RunFact[] {
  const attempt = run.attempt === null || run.attempt === 1 ? '' : `, attempt ${run.attempt}`;
  const outside = run.outsideToolset === 0 ? '' : `, ${formatNumber(run.outsideToolset)} outside of the toolset`;
  return [
    { name: 'Blueprint', words: run.blueprint },
    { name: 'Model', words: run.model },
    ...(run.currentNode === null ? [] : [{ name: 'Node', words: `${run.currentNode}${attempt}` }]),
    { name: 'Tokens', words: formatNumber(run.tokens) },
    { name: 'Cost', words: formatCost(run.costUsd) },
    { name: 'Denials', words: `${formatNumber(run.denials)}${outside}`, bad: run.denials > 0 },
    { name: 'Sent', words: sentText(run) },
    { name: 'Changed', words: formatCount(run.filesChanged.length, 'file'), hint: run.filesChanged.join('\n') },
    ...(run.branch === null ? [] : [{ name: 'Branch', words: run.branch }]),
  ];
}

/** What left for models: how much in all, with what went along again, and what was taken out before. */
function sentText({ requests, bytesSent, redactions }: RunView): string {
  if (requests === 0) return 'nothing';
  const taken = redactions === 0 ? '' : `, ${formatCount(redactions, 'redaction')}`;
  return `${formatBytes(bytesSent)} in ${formatCount(requests, 'request')}${taken}`;
}
