/** Runs beside each other: where they first differ, their figures, decisions, files and nodes, and of two runs the steps. */
import { useRef } from 'react';
import type { ComparedMessage } from '../../../src/protocol/compare';
import { formatCount } from '../../../src/protocol/format';
import { Button, Progress } from '../controls';
import { ToneIcon } from '../icons';
import type { CompareActions } from './actions';
import { Columns } from './Columns';
import { Headline } from './Headline';
import { RunList } from './RunList';
import type { CompareState } from './state';
import { DecisionsTable, FiguresTable, FilesTable, NodesTable } from './tables';

type PageProps = { state: CompareState; actions: CompareActions };

export function ComparePage({ state, actions }: PageProps) {
  const { phase, problem, result } = state;
  const scroller = useRef<HTMLElement>(null);
  const busy = phase === 'connecting' || phase === 'reading';
  return (
    <main className="compare" ref={scroller} aria-busy={busy}>
      <div className="compare-overview">
        <header className="run">
          <div className="run-title">
            <h1>Compare runs</h1>
            <div className="run-actions" role="toolbar" aria-label="Comparison actions">
              <Button icon="debug-rerun" disabled={busy} onClick={actions.read} title="Reads the records again">
                Compare Again
              </Button>
            </div>
          </div>
          {busy ? <Progress label={reading(state.runs.length)} /> : null}
        </header>
        {problem === null ? null : (
          <p role="alert" className="compare-problem">
            <ToneIcon name="error" tone="bad" />
            {problem}
          </p>
        )}
        {result === null ? null : <Overview result={result} actions={actions} />}
      </div>
      {result?.columns == null ? null : (
        <Columns state={state} columns={result.columns} actions={actions} scroller={scroller} />
      )}
    </main>
  );
}

const reading = (runs: number): string =>
  runs === 0 ? 'Reading the records' : `Reading the records of ${formatCount(runs, 'run')}`;

function Overview({ result, actions }: { result: ComparedMessage; actions: CompareActions }) {
  const { metrics } = result;
  return (
    <>
      <RunList metrics={metrics} beginnings={result.beginnings} onOpen={actions.openEvent} />
      <Headline result={result} actions={actions} />
      <div className={metrics.length > 3 ? 'compare-sections is-wide' : 'compare-sections'}>
        <FiguresTable metrics={metrics} />
        <NodesTable nodes={result.nodes} more={result.more.nodes} metrics={metrics} />
        <DecisionsTable policy={result.policy} more={result.more.policy} metrics={metrics} onOpen={actions.openEvent} />
        <FilesTable
          files={result.files}
          more={result.more.files}
          sameFiles={result.sameFiles}
          metrics={metrics}
          onDiff={actions.openDiff}
        />
      </div>
    </>
  );
}
