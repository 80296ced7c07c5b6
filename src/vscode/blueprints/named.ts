/** What a blueprint names, read from a file that may be half written: its nodes, and the artifacts that they make. Pure. */
import { type Document, isMap } from 'yaml';
import { outputsOf } from '../../core/blueprint/artifacts';
import { ACTIONS, type Action } from '../../core/blueprint/schema';
import { keyOf, valueAt } from '../yaml/cursor';

export type NamedNode = {
  readonly id: string;
  readonly title: string | null;
  /** The action, or `agent`; null when neither is written yet. */
  readonly does: string | null;
  /** Its artifacts: the name and the type of each. */
  readonly makes: Readonly<Record<string, string>>;
};

/** The nodes in the order of the file. */
export function nodesIn(document: Document): NamedNode[] {
  const nodes = valueAt(document.contents, ['nodes']);
  if (!isMap(nodes)) return [];
  return nodes.items.map((pair) => {
    const id = keyOf(pair);
    const member = (...path: readonly (string | number)[]): string | null => {
      const value = valueAt(pair.value, path);
      return typeof value === 'string' ? value : null;
    };
    const action = member('action');
    const does = member('type') === 'agent' ? 'agent' : action;
    const result = member('result', 'type');
    const made = result === null ? {} : { [member('outputs', 0) ?? `${id}_${result}`]: result };
    return { id, title: member('title'), does, makes: isAction(action) ? outputsOf(action) : made };
  });
}

function isAction(text: string | null): text is Action {
  return (ACTIONS as readonly (string | null)[]).includes(text);
}
