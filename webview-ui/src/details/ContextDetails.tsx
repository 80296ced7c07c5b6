import type { RunEvent } from '../../../src/protocol/events';
import { formatBytes } from '../../../src/protocol/format';
import { Table } from './Table';

/** What of the repository the model is shown, why, and what was withheld by which rule. */
export function ContextDetails({ event: { data } }: { event: RunEvent<'context.built'> }) {
  return (
    <>
      <Table
        caption={`Chosen, ${formatBytes(data.bytes)}`}
        columns={[{ name: 'File' }, { name: 'Lines', numeric: true }, { name: 'Size', numeric: true }, { name: 'Why' }]}
        rows={data.files.map((file) => ({
          key: `${file.path}:${file.lines[0]}`,
          cells: [
            <code key="path">{file.path}</code>,
            `${file.lines[0]}–${file.lines[1]}`,
            formatBytes(file.bytes),
            file.why,
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
