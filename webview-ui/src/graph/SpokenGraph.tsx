import type { BlueprintGraph } from '../../../src/protocol/graph';
import type { GraphProgress } from './progress';
import { spoken, spokenRoutes } from './words';

/** A graph in words, in reading order, for those who do not see it. */
export function SpokenGraph({ graph, progress }: { graph: BlueprintGraph; progress: GraphProgress | null }) {
  return (
    <section className="only-read-aloud" aria-label="Nodes and routes">
      <p>{`Starts at ${graph.nodes.find(({ id }) => id === graph.start)?.title ?? graph.start}.`}</p>
      <ol>
        {graph.nodes.map((node) => (
          <li key={node.id}>
            {node.kind === 'terminal'
              ? `${node.title}: end, ${node.does}`
              : `${spoken(node, progress)}. Routes: ${spokenRoutes(graph, node.id, progress)}`}
          </li>
        ))}
      </ol>
    </section>
  );
}
