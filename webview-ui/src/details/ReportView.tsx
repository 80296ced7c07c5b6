/** What a linter or the tests said, as it was read out of the output of the command. */
import type { ReactNode } from 'react';
import { formatCount, formatNumber } from '../../../src/protocol/format';
import type { Tone } from '../../../src/protocol/messages';
import type { FindingsReport, Report, TestReport } from '../../../src/protocol/report';
import { type IconName, ToneIcon } from '../icons';
import { Visible } from '../Visible';
import { Fact } from './KeyValue';
import { Table } from './Table';

export function ReportView({ report }: { report: Report }) {
  if (report.tool === null) {
    const what = report.kind === 'tests' ? 'No test run was' : 'No report of a known tool was';
    return <p className="quiet">{`${what} found in the output, so there is nothing to count.`}</p>;
  }
  return report.kind === 'tests' ? <Tests report={report} /> : <Findings report={report} />;
}

function Tests({ report: { tool, passed, failed, skipped, failures, omitted } }: { report: TestReport }) {
  return (
    <>
      <dl className="facts">
        <Fact name="Tool">{tool}</Fact>
        <Fact name="Passed">
          <Amount value={passed} icon="pass" tone="good" />
        </Fact>
        <Fact name="Failed">
          <Amount value={failed} icon="error" tone="bad" />
        </Fact>
        {skipped === 0 ? null : <Fact name="Skipped">{formatNumber(skipped)}</Fact>}
      </dl>
      {failures.length === 0 ? null : (
        <Table
          caption="Failures"
          columns={[{ name: 'Test' }, { name: 'Where' }, { name: 'Message' }]}
          rows={failures.map(({ name, file, line, message }, index) => ({
            key: String(index),
            cells: [<Visible key="name" text={name} />, <Place key="at" file={file} line={line} />, message],
          }))}
        />
      )}
      <Omitted count={omitted} what="failure" />
    </>
  );
}

const SEVERITIES: Readonly<Record<FindingsReport['findings'][number]['severity'], { icon: IconName; tone: Tone }>> = {
  error: { icon: 'error', tone: 'bad' },
  warning: { icon: 'warning', tone: 'warn' },
  info: { icon: 'info', tone: 'neutral' },
};

function Findings({ report: { tool, errors, warnings, findings, omitted } }: { report: FindingsReport }) {
  return (
    <>
      <dl className="facts">
        <Fact name="Tool">{tool}</Fact>
        <Fact name="Errors">
          <Amount value={errors} icon="error" tone="bad" />
        </Fact>
        <Fact name="Warnings">
          <Amount value={warnings} icon="warning" tone="warn" />
        </Fact>
      </dl>
      {findings.length === 0 ? null : (
        <Table
          caption="Findings"
          columns={[{ name: 'Severity' }, { name: 'Where' }, { name: 'Rule' }, { name: 'Message' }]}
          rows={findings.map(({ severity, file, line, rule, message }, index) => ({
            key: String(index),
            cells: [
              <span key="severity" className="effect">
                <ToneIcon {...named(severity)} />
                {severity}
              </span>,
              <Place key="at" file={file} line={line} />,
              <code key="rule">{rule ?? ''}</code>,
              message,
            ],
          }))}
        />
      )}
      <Omitted count={omitted} what="finding" />
    </>
  );
}

const named = (severity: keyof typeof SEVERITIES): { name: IconName; tone: Tone } => {
  const { icon, tone } = SEVERITIES[severity];
  return { name: icon, tone };
};

/** A number with a sign, which is only there when there is something to count. */
function Amount({ value, icon, tone }: { value: number; icon: IconName; tone: Tone }): ReactNode {
  return (
    <>
      {value === 0 ? null : <ToneIcon name={icon} tone={tone} />}
      {formatNumber(value)}
    </>
  );
}

function Place({ file, line }: { file: string | null; line: number | null }): ReactNode {
  if (file === null) return <span className="quiet">not known</span>;
  return (
    <code>
      <Visible text={line === null ? file : `${file}:${line}`} />
    </code>
  );
}

function Omitted({ count, what }: { count: number; what: string }): ReactNode {
  return count === 0 ? null : <p className="quiet">{`and ${formatCount(count, `more ${what}`)}, not recorded`}</p>;
}
