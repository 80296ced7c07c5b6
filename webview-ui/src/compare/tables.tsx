/** Figures, nodes, decisions and files by run. Differences are said by a sign and a word, never by colour alone. */
import type { ReactNode } from 'react';
import type { ComparedFile, ComparedNode, ComparedPolicy, RunMetrics } from '../../../src/protocol/compare';
import { formatCount, formatDuration } from '../../../src/protocol/format';
import { ToneIcon } from '../icons';
import { DECISION_LOOKS, FIGURES, FILE_WORDS, OUTCOME_LOOKS, STATUS_LOOKS } from './words';

type Row = { readonly key: string; readonly head: ReactNode; readonly cells: readonly ReactNode[] };

type RunTableProps = {
  title: string;
  /** What a line is about. */
  head: string;
  runs: number;
  rows: readonly Row[];
  /** How many more lines there are than are listed. */
  more?: number;
  /** What is said when there is no line. */
  none: string;
};

function RunTable({ title, head, runs, rows, more = 0, none }: RunTableProps) {
  return (
    <section className="compare-section" aria-label={title}>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="quiet">{none}</p>
      ) : (
        // A region that scrolls must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        <section className="table" aria-label={`${title} by run`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{head}</th>
                {Array.from({ length: runs }, (_, at) => `Run ${at + 1}`).map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, head: name, cells }) => (
                <tr key={key}>
                  <th scope="row">{name}</th>
                  {cells.map((cell, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the place is what makes a run's cell the run's.
                    <td key={at}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {more === 0 ? null : (
        <p className="quiet">{`${formatCount(more, 'more line')}: \`openexec compare\` on the command line lists all.`}</p>
      )}
    </section>
  );
}

const Against = ({ words }: { words: string }) => <span className="compare-against">{words}</span>;

export function FiguresTable({ metrics }: { metrics: readonly RunMetrics[] }) {
  const [first] = metrics;
  const figures = FIGURES.map(({ name, say, against }): Row => {
    const cells = metrics.map((run) => {
      const words = first === undefined ? null : against(run, first);
      return (
        <>
          <span className="compare-value">{say(run)}</span>
          {words === null ? null : <Against words={words} />}
        </>
      );
    });
    return { key: name, head: name, cells };
  });
  const ends = metrics.map((run) => {
    const { icon, tone, word } = STATUS_LOOKS[run.status];
    return (
      <>
        <span className="compare-value">
          <ToneIcon name={icon} tone={tone} />
          {word}
        </span>
        {first === undefined || run.status === first.status ? null : <Against words="≠ differs" />}
      </>
    );
  });
  const rows = [{ key: 'End', head: 'End', cells: ends }, ...figures];
  return <RunTable title="Figures" head="Figure" runs={metrics.length} rows={rows} none="" />;
}

type Listed = { more: number; metrics: readonly RunMetrics[] };

export function NodesTable({ nodes, more, metrics }: Listed & { nodes: readonly ComparedNode[] }) {
  const rows = nodes.map(({ node, runs }): Row => {
    const [first = null] = runs;
    return {
      key: node,
      head: node,
      cells: runs.map((run, at) => <NodeCell key={metrics[at]?.run} run={run} first={first} />),
    };
  });
  return (
    <RunTable title="Nodes" head="Node" runs={metrics.length} rows={rows} more={more} none="No node was visited." />
  );
}

type NodeOfRun = ComparedNode['runs'][number];

function NodeCell({ run, first }: { run: NodeOfRun; first: NodeOfRun }) {
  const differs = run?.outcome !== first?.outcome || run?.visits !== first?.visits;
  const mark = differs ? <Against words="≠ differs" /> : null;
  if (run === null)
    return (
      <>
        <span className="compare-value quiet">never visited</span>
        {mark}
      </>
    );
  const look = run.outcome === null ? null : OUTCOME_LOOKS[run.outcome];
  const visits = run.visits === 1 ? '' : `${formatCount(run.visits, 'visit')}, `;
  return (
    <>
      <span className="compare-value">
        {look === null ? null : <ToneIcon name={look.icon} tone={look.tone} />}
        {look?.word ?? 'not finished'}
      </span>
      <span className="compare-value quiet">{`${visits}${formatDuration(run.ms)}`}</span>
      {mark}
    </>
  );
}

type DecisionsProps = Listed & {
  policy: readonly ComparedPolicy[];
  onOpen: (runId: string, seq: number) => void;
};

export function DecisionsTable({ policy, more, metrics, onOpen }: DecisionsProps) {
  const rows = policy.map(({ node, tool, path, runs }): Row => {
    const head = (
      <>
        <code>{path === null ? tool : `${tool} ${path}`}</code>
        {node === null ? null : <span className="quiet">{` in ${node}`}</span>}
      </>
    );
    const cells = runs.map((decisions, at) => (
      <Decisions key={metrics[at]?.run} decisions={decisions} onOpen={(seq) => onOpen(metrics[at]?.run ?? '', seq)} />
    ));
    return { key: JSON.stringify([node, tool, path]), head, cells };
  });
  const none = 'No call was decided otherwise.';
  return (
    <RunTable
      title="Differing policy decisions"
      head="Call"
      runs={metrics.length}
      rows={rows}
      more={more}
      none={none}
    />
  );
}

type DecisionsCell = { decisions: ComparedPolicy['runs'][number]; onOpen: (seq: number) => void };

function Decisions({ decisions, onOpen }: DecisionsCell) {
  if (decisions.length === 0) return <span className="quiet">not asked for</span>;
  return decisions.map(({ seq, times, decision, rule }) => {
    const { icon, tone, word } = DECISION_LOOKS[decision];
    return (
      <span key={seq} className="compare-decision">
        <ToneIcon name={icon} tone={tone} />
        <button type="button" className="link" title="Open in the timeline" onClick={() => onOpen(seq)}>
          {`${word}${times === 1 ? '' : ` ${times} times`}`}
        </button>
        <span className="quiet">{` by ${rule}`}</span>
      </span>
    );
  });
}

type FilesProps = Listed & {
  files: readonly ComparedFile[];
  sameFiles: number;
  onDiff: (file: number, run: number) => void;
};

export function FilesTable({ files, more, sameFiles, metrics, onDiff }: FilesProps) {
  const rows = files.map(({ path, runs }, file): Row => {
    const cells = runs.map((run, at) => (
      <FileCell
        key={metrics[at]?.run}
        run={run}
        first={runs[0]}
        isFirst={at === 0}
        path={path}
        onDiff={() => onDiff(file, at)}
      />
    ));
    return { key: path, head: <code>{path}</code>, cells };
  });
  const same = sameFiles === 0 ? '' : ` ${formatCount(sameFiles, 'file was', 'files were')} changed in the same way.`;
  const none = `No file differs at the end.${same}`;
  return <RunTable title="Differing files" head="File" runs={metrics.length} rows={rows} more={more} none={none} />;
}

type FileOfRun = ComparedFile['runs'][number];
type FileCellProps = {
  run: FileOfRun;
  first: FileOfRun | undefined;
  isFirst: boolean;
  path: string;
  onDiff: () => void;
};

function FileCell({ run, first, isFirst, path, onDiff }: FileCellProps) {
  const isSame = run.state !== 'unknown' && first?.state !== 'unknown' && run.sha256 === first?.sha256;
  return (
    <>
      <span className="compare-value">{FILE_WORDS[run.state]}</span>
      {isFirst ? null : isSame ? (
        <Against words="= as run 1" />
      ) : (
        <span className="compare-against">
          {'≠ '}
          <button type="button" className="link" aria-label={`Open diff of ${path}`} onClick={onDiff}>
            Open Diff
          </button>
        </span>
      )}
    </>
  );
}
