/** The nodes of a graph: buttons, and the ends that success leads to. */
import { memo } from 'react';
import type { BlueprintGraph, GraphNode } from '../../../src/protocol/graph';
import { Icon, ToneIcon } from '../icons';
import { exitsOf } from './layout';
import type { Box } from './path';
import type { GraphProgress } from './progress';
import { captionOf, counterOf, KIND_ICONS, limitsOf, type Sign, TERMINAL_ICONS, taken } from './words';

type NodeButtonProps = {
  graph: BlueprintGraph;
  node: GraphNode;
  box: Box;
  sign: Sign | null;
  turning: boolean;
  current: boolean;
  /** What the rest of it does not say in words. */
  unseen: string;
  /** One a line: kind, target, counter, and whether it was taken. */
  exits: string;
  hint: string | null;
  onNode: (node: string) => void;
};

export const NodeButton = memo(
  function NodeButton({ graph, node, box, sign, turning, current, unseen, exits, hint, onNode }: NodeButtonProps) {
    const about = [node.does, limitsOf(node), hint].filter(Boolean).join('\n');
    const classes = [
      'graph-node',
      `is-${node.kind}`,
      current ? 'is-current' : '',
      graph.start === node.id ? 'is-start' : '',
    ];
    return (
      <button
        type="button"
        data-node={node.id}
        className={classes.filter(Boolean).join(' ')}
        style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
        aria-current={current ? 'step' : undefined}
        aria-disabled={hint === null}
        title={about}
        onClick={() => hint !== null && onNode(node.id)}
      >
        <span className="graph-row graph-name">
          <Icon name={node.kind === 'agent' ? KIND_ICONS.agent : KIND_ICONS.deterministic} />
          <span>{node.title}</span>
          {node.approval ? <ToneIcon name="person" tone="warn" /> : null}
        </span>
        <span className="graph-row quiet">
          <span>{captionOf(node)}</span>
        </span>
        {sign === null ? null : (
          <span className={`graph-row graph-state tone-${sign.tone}`}>
            <ToneIcon name={sign.icon === 'sync' && !turning ? 'debug-start' : sign.icon} tone={sign.tone} />
            <span>{sign.word}</span>
          </span>
        )}
        {exits === '' ? null : <Exits exits={exits} />}
        <span className="only-read-aloud">{unseen}</span>
      </button>
    );
  },
  (before, after) =>
    before.node === after.node &&
    before.box === after.box &&
    before.unseen === after.unseen &&
    before.sign?.word === after.sign?.word &&
    before.current === after.current &&
    before.exits === after.exits &&
    before.turning === after.turning &&
    before.hint === after.hint &&
    before.onNode === after.onNode,
);

/** The exits of a node as text, so that a button is only drawn anew when one of them says something else. */
export function exitsText(graph: BlueprintGraph, node: string, progress: GraphProgress | null): string {
  return exitsOf(graph, node)
    .map((edge) => [edge.kind, edge.to, counterOf(edge, progress), taken(edge, progress) > 0 ? 'taken' : ''].join('\t'))
    .join('\n');
}

function Exits({ exits }: { exits: string }) {
  return (
    <span className="graph-row graph-exits">
      {exits.split('\n').map((exit) => {
        const [kind = '', to = '', counter = '', used = ''] = exit.split('\t');
        return (
          <span key={kind} className={`graph-exit${used === '' ? '' : ' is-taken'}`}>
            <i className={`sample route-${kind}`} />
            <Icon name={TERMINAL_ICONS[to] ?? 'pass'} />
            {`${to} ${counter}`.trimEnd()}
          </span>
        );
      })}
    </span>
  );
}

export function Terminal({ node, box }: { node: GraphNode; box: Box }) {
  return (
    <div
      className="graph-terminal"
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      title={node.does}
      aria-hidden="true"
    >
      <Icon name={TERMINAL_ICONS[node.id] ?? 'pass'} />
      {node.title}
    </div>
  );
}
