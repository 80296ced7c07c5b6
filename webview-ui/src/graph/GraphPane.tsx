/** The graph of a run's blueprint, as the run stood at the selected event; choosing a node goes to its latest visit. */
import { useCallback, useMemo } from 'react';
import type { RunView } from '../../../src/protocol/messages';
import { Progress } from '../controls';
import { isLive, type TimelineState } from '../state';
import { GraphView } from './GraphView';
import { latestVisits, progressAt } from './progress';

type GraphPaneProps = { state: TimelineState; run: RunView; onSelect: (seq: number) => void };

export function GraphPane({ state: { picture, log, selected, following }, run, onSelect }: GraphPaneProps) {
  const { course } = log;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the course grows with the log.
  const progress = useMemo(() => progressAt(course, selected ?? -1), [log, selected]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the course grows with the log.
  const latest = useMemo(() => latestVisits(course), [log]);
  const onNode = useCallback(
    (node: string) => {
      const seq = latest.get(node);
      if (seq !== undefined) onSelect(seq);
    },
    [latest, onSelect],
  );
  if (picture?.graph) {
    return (
      <GraphView
        graph={picture.graph}
        progress={progress}
        turning={isLive(run) && following}
        hintOf={(node) => (latest.has(node) ? 'Select its latest visit' : null)}
        onNode={onNode}
      />
    );
  }
  return (
    <section className="graph" aria-label="Graph">
      <div className="pane-title">
        <h2>Graph</h2>
      </div>
      {picture === null ? (
        <Progress label="Reading the blueprint…" />
      ) : (
        <p className="graph-none quiet">{picture.problems.join(' ')}</p>
      )}
    </section>
  );
}
