/** What was found in the repository about a task: what it names and where, its packages, and what never enters a prompt. */
import type { RunEvent } from '../../../src/protocol/events';
import { formatCount } from '../../../src/protocol/format';
import { Visible } from '../Visible';
import { Table } from './Table';

type Facts = NonNullable<RunEvent<'plan.proposed'>['data']['facts']>;

export function PlanFacts({ facts: { files, packageCount, packages, named, ignored } }: { facts: Facts }) {
  const among = packageCount > 1 ? ` in ${formatCount(packageCount, 'package')}` : '';
  return (
    <>
      <p className="quiet">{`Looked at ${formatCount(files, 'file')}${among}.`}</p>
      {named.length === 0 ? null : (
        <Table
          caption="Named in the task"
          columns={[{ name: 'Text' }, { name: 'What' }, { name: 'Where' }]}
          rows={named.map(({ what, text, paths }) => ({
            key: `${what}:${text}`,
            cells: [
              <Code key="text" text={text} />,
              WHAT[what],
              paths.length === 0 ? 'nowhere' : <Paths key="paths" paths={paths} />,
            ],
          }))}
        />
      )}
      {packages.length === 0 ? null : (
        <Table
          caption="Packages that the task is about"
          columns={[{ name: 'Package' }, { name: 'Folder' }, { name: 'Builds on' }]}
          rows={packages.map(({ root, name, uses }) => ({
            key: root,
            cells: [
              <Code key="name" text={name} />,
              <Code key="root" text={root === '' ? '.' : root} />,
              uses.length === 0 ? 'none' : <Paths key="uses" paths={uses} />,
            ],
          }))}
        />
      )}
      {ignored.length === 0 ? null : (
        <Table
          caption="Kept out of every prompt"
          columns={[{ name: 'Glob' }, { name: 'From' }]}
          rows={ignored.map(({ glob, from }) => ({
            key: `${from}:${glob}`,
            cells: [<Code key="glob" text={glob} />, <Visible key="from" text={from} />],
          }))}
        />
      )}
    </>
  );
}

const WHAT = { path: 'a path', symbol: 'a symbol', word: 'a word' } as const;

const Code = ({ text }: { text: string }) => (
  <code>
    <Visible text={text} />
  </code>
);

/** The most paths in one cell. */
const SHOWN = 8;

function Paths({ paths }: { paths: readonly string[] }) {
  return (
    <ul className="globs">
      {paths.slice(0, SHOWN).map((path) => (
        <li key={path}>
          <Code text={path} />
        </li>
      ))}
      {paths.length > SHOWN ? <li>{`and ${paths.length - SHOWN} more`}</li> : null}
    </ul>
  );
}
