/** Any recorded value as names and values; the default for events without a view of their own. */
import type { ReactNode } from 'react';

export function KeyValue({ value }: { value: object }) {
  const members = Object.entries(value);
  if (members.length === 0) return <p className="quiet">Nothing more was recorded.</p>;
  return (
    <dl className="facts">
      {members.map(([name, member]) => (
        <Fact key={name} name={wordsOf(name)}>
          <Value value={member} />
        </Fact>
      ))}
    </dl>
  );
}

/** One line of a list of facts; use inside `<dl className="facts">`. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Value({ value }: { value: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="quiet">none</span>;
  if (value === '') return <span className="quiet">empty</span>;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return <Items items={value} />;
  if (typeof value === 'object') return <KeyValue value={value} />;
  return String(value);
}

function Items({ items }: { items: readonly unknown[] }) {
  if (items.length === 0) return <span className="quiet">none</span>;
  if (items.every((item) => typeof item !== 'object' || item === null)) return items.join(', ');
  return (
    <ol className="items">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded list never changes its order.
        <li key={index}>
          <Value value={item} />
        </li>
      ))}
    </ol>
  );
}

/** `costUsd` → `Cost usd`. */
const wordsOf = (name: string): string => {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
