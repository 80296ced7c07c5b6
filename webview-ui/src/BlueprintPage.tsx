/** A blueprint without a run: what it is, its worst case, what is wrong with it, its graph. */
import type { Picture } from '../../src/protocol/graph';
import { boundText } from './bound';
import { GraphView } from './graph/GraphView';
import { Icon, ToneIcon } from './icons';

type BlueprintPageProps = { picture: Picture; onReveal: (node: string) => void };

export function BlueprintPage({ picture: { graph, bound, problems }, onReveal }: BlueprintPageProps) {
  return (
    <main className="blueprint">
      <header className="run">
        <h1 className="blueprint-title">
          <Icon name="type-hierarchy" />
          {graph === null ? 'This blueprint cannot be drawn' : graph.title}
        </h1>
        {bound === null ? null : (
          <p>
            <span className="quiet">Worst case</span> {boundText(bound)}
          </p>
        )}
        {problems.length === 0 ? null : (
          <ul className="blueprint-problems" aria-label="Problems">
            {problems.map((problem) => (
              <li key={problem}>
                <ToneIcon name="warning" tone="warn" />
                {problem}
              </li>
            ))}
          </ul>
        )}
      </header>
      {graph === null ? null : (
        <GraphView graph={graph} progress={null} turning={false} hintOf={hint} onNode={onReveal} />
      )}
    </main>
  );
}

const hint = (): string => 'Show it in the file';
