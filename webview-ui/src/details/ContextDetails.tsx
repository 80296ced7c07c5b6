import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes, formatCount } from '../../../src/protocol/format';
import { Visible } from '../Visible';
import { Table } from './Table';

type Range = RunEvent<'context.built'>['data']['files'][number];

/** What of the repository the model is shown, why, and what was withheld by which rule. */
export function ContextDetails({ event: { data } }: { event: RunEvent<'context.built'> }) {
  const files = byPath(data.files);
  return (
    <>
      <Table
        caption={`Chosen: ${formatCount(files.length, 'file')}, ${formatBytes(data.bytes)}`}
        columns={[{ name: 'File' }, { name: 'Lines', numeric: true }, { name: 'Size', numeric: true }, { name: 'Why' }]}
        rows={files.map((ranges) => ({
          key: ranges[0]?.path ?? '',
          cells: [
            <code key="path">
              <Visible text={ranges[0]?.path ?? ''} />
            </code>,
            <Ranges key="lines" ranges={ranges} />,
            formatBytes(ranges.reduce((sum, { bytes }) => sum + bytes, 0)),
            [...new Set(ranges.map(({ why }) => why))].join('; '),
          ],
        }))}
      />
      {data.withheld.length === 0 ? (
        <p className="quiet">Nothing was withheld.</p>
      ) : (
        <Table
          caption="Withheld"
          columns={[{ name: 'File' }, { name: 'Rule' }]}
          rows={data.withheld.map((file) => ({
            key: `${file.path}:${file.rule}`,
            cells: [<code key="path">{file.path}</code>, <code key="rule">{file.rule}</code>],
          }))}
        />
      )}
    </>
  );
}

/** The ranges of each file together, in the order of the files' first ones. */
function byPath(ranges: readonly Range[]): Range[][] {
  const files = new Map<string, Range[]>();
  for (const range of ranges) files.set(range.path, [...(files.get(range.path) ?? []), range]);
  return [...files.values()];
}

/** One range a line, each with its size where there are several. */
function Ranges({ ranges }: { ranges: readonly Range[] }) {
  return (
    <ul className="ranges">
      {ranges.map(({ lines: [from, to], bytes }) => (
        <li key={`${from}-${to}`}>{`${from}–${to}${ranges.length > 1 ? ` (${formatBytes(bytes)})` : ''}`}</li>
      ))}
    </ul>
  );
}
