/** What left this machine for models, as tables by run, by destination and by file. */
import { useMemo } from 'react';
import { formatBytes, formatCount, formatNumber } from '../../../src/protocol/format';
import {
  GROUPINGS,
  type Grouping,
  hasUnknownFiles,
  type LedgerRow,
  matches,
  redactionsText,
  rowsOf,
  runsBy,
  totalsOf,
} from '../../../src/protocol/ledger';
import { Button, Checkbox, Progress, TextField, Toggle } from '../controls';
import { type IconName, ToneIcon } from '../icons';
import type { LedgerState } from './state';

export type LedgerActions = {
  readonly group: (by: Grouping) => void;
  readonly filter: (text: string) => void;
  readonly local: (shown: boolean) => void;
  /** Reads everything anew. */
  readonly read: () => void;
  readonly cancel: () => void;
  readonly exportCsv: () => void;
  readonly openRun: (runId: string) => void;
};

/** Lines that are drawn; the filter finds among all. */
const SHOWN = 500;

const WORDS: Readonly<Record<Grouping, { label: string; head: string; icon: IconName }>> = {
  run: { label: 'By run', head: 'Run', icon: 'history' },
  destination: { label: 'By provider', head: 'Destination', icon: 'cloud-upload' },
  file: { label: 'By file', head: 'File or message', icon: 'library' },
};

type PageProps = { state: LedgerState; actions: LedgerActions };

export function LedgerPage({ state, actions }: PageProps) {
  const { entries, by, filter, phase, run, problem, local } = state;
  const stayed = useMemo(() => runsBy(entries, true), [entries]);
  const rows = useMemo(() => rowsOf(local ? entries : runsBy(entries, false), by), [entries, by, local]);
  const found = useMemo(() => rows.filter((row) => matches(row, filter)), [rows, filter]);
  return (
    <main className="ledger">
      <header className="run">
        <div className="run-title">
          <h1>{run === null ? 'What left this machine' : `What left this machine in run ${run}`}</h1>
          <Commands state={state} actions={actions} />
        </div>
        <Totals state={state} />
        {phase === 'connecting' || phase === 'reading' ? (
          <Progress label={`Reading the records: ${formatNumber(entries.length)} of ${formatNumber(state.runs)}`} />
        ) : null}
        <Notes state={state} />
      </header>
      <div className="ledger-tools">
        <div role="toolbar" aria-label="Group by" className="run-actions">
          {GROUPINGS.map((one) => (
            <Toggle
              key={one}
              icon={WORDS[one].icon}
              pressed={one === by}
              title={`Show it ${WORDS[one].label.toLowerCase()}`}
              onClick={() => actions.group(one)}
            >
              {WORDS[one].label}
            </Toggle>
          ))}
        </div>
        {stayed.length === 0 ? null : (
          <Checkbox checked={local} onChange={actions.local}>
            {`List what stayed on this machine as well: ${formatBytes(totalsOf(stayed).fresh)} for models here`}
          </Checkbox>
        )}
        <TextField label="Filter" value={filter} placeholder="Words that a line holds" onInput={actions.filter} />
      </div>
      {problem === null ? null : (
        <p role="alert" className="ledger-note">
          <ToneIcon name="error" tone="bad" />
          {problem}
        </p>
      )}
      <Table by={by} rows={found} all={rows.length} done={phase === 'read'} onRun={actions.openRun} />
    </main>
  );
}

function Commands({ state: { phase, entries }, actions }: PageProps) {
  const busy = phase === 'connecting' || phase === 'reading';
  return (
    <div className="run-actions" role="toolbar" aria-label="Ledger actions">
      <Button icon="export" disabled={busy || entries.length === 0} onClick={actions.exportCsv}>
        Export as CSV…
      </Button>
      {busy ? (
        <Button icon="debug-stop" onClick={actions.cancel}>
          Stop
        </Button>
      ) : (
        <Button icon="debug-continue" onClick={actions.read}>
          Read Again
        </Button>
      )}
    </div>
  );
}

function Totals({ state }: { state: LedgerState }) {
  const { runs, requests, fresh, carried, redactions } = totalsOf(runsBy(state.entries, false));
  const facts = [
    ['Runs', formatNumber(runs)],
    ['Requests', formatNumber(requests)],
    ['New', formatBytes(fresh)],
    ['Carried again', formatBytes(carried)],
    ['Redacted', redactionsText(redactions) ?? 'nothing'],
  ];
  return (
    <dl className="run-facts" aria-label="Totals">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the numbers do not say. */
function Notes({ state: { entries, phase } }: { state: LedgerState }) {
  return (
    <>
      {phase === 'cancelled' ? (
        <p className="ledger-note">
          <ToneIcon name="warning" tone="warn" />
          The reading was stopped: runs are missing here.
        </p>
      ) : null}
      {hasUnknownFiles(entries) ? (
        <p className="ledger-note">
          <ToneIcon name="info" tone="active" />
          Runs of earlier versions did not record which files were sent: there, what files held counts with the
          messages.
        </p>
      ) : null}
    </>
  );
}

type TableProps = {
  by: Grouping;
  rows: readonly LedgerRow[];
  all: number;
  done: boolean;
  onRun: (runId: string) => void;
};

function Table({ by, rows, all, done, onRun }: TableProps) {
  if (rows.length === 0) {
    const nothing = all === 0 ? (done ? 'Nothing has left this machine.' : '') : 'No line holds these words.';
    return (
      <p role="status" className="ledger-empty">
        {nothing}
      </p>
    );
  }
  const sums = by !== 'file';
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
    <section className="ledger-rows table" aria-label={WORDS[by].label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{WORDS[by].head}</th>
            {sums ? <th className="numeric">Requests</th> : null}
            <th className="numeric">New bytes</th>
            {sums ? <th className="numeric">Carried again</th> : null}
            <th>Redacted</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <Row key={row.key} row={row} sums={sums} onRun={onRun} />
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN ? (
        <p className="quiet">
          {formatCount(rows.length - SHOWN, 'more line')}: the filter finds them, and the export holds them.
        </p>
      ) : null}
    </section>
  );
}

function Row({ row, sums, onRun }: { row: LedgerRow; sums: boolean; onRun: (runId: string) => void }) {
  const { name, detail, runId, requests, fresh, carried, redactions } = row;
  const taken = redactionsText(redactions);
  return (
    <tr>
      <th scope="row">
        {runId === null ? (
          name
        ) : (
          <button type="button" className="link" title="Open the timeline of this run" onClick={() => onRun(runId)}>
            {name}
          </button>
        )}
        <span className="ledger-detail">{detail}</span>
      </th>
      {sums ? <td className="numeric">{formatNumber(requests ?? 0)}</td> : null}
      <td className="numeric">{fresh === null ? 'not known' : formatNumber(fresh)}</td>
      {sums ? <td className="numeric">{formatNumber(carried ?? 0)}</td> : null}
      <td>
        {taken === null ? null : (
          <>
            <ToneIcon name="shield" tone="warn" />
            {taken}
          </>
        )}
      </td>
    </tr>
  );
}
