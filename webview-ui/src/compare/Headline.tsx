/** Where the runs first differ, as sentences, with ways to look at it. */
import type { ComparedMessage, Divergence } from '../../../src/protocol/compare';
import { Button } from '../controls';
import { ToneIcon } from '../icons';
import type { CompareActions } from './actions';

type HeadlineProps = { result: ComparedMessage; actions: Pick<CompareActions, 'jump' | 'openEvent'> };

export function Headline({ result, actions }: HeadlineProps) {
  const { firstDivergence, metrics } = result;
  return (
    <section className="compare-headline" aria-labelledby="compare-headline">
      <h2 id="compare-headline">{metrics.length === 2 ? 'First difference' : 'First difference from run 1'}</h2>
      {firstDivergence === null ? (
        <p className="compare-verdict">
          <ToneIcon name="pass" tone="good" />
          The runs are the same, step by step.
        </p>
      ) : metrics.length === 2 ? (
        <Sentence divergence={firstDivergence} name={null} onJump={actions.jump} onOpen={actions.openEvent} />
      ) : (
        <ul>
          {metrics.slice(1).map(({ run, firstDivergence: own }, at) => (
            <li key={run}>
              <Sentence divergence={own} name={`Run ${at + 2}`} onJump={null} onOpen={actions.openEvent} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

type SentenceProps = {
  /** Null: the run is the same as the first. */
  divergence: Divergence | null;
  /** The other run's; null when there is but one. */
  name: string | null;
  onJump: (() => void) | null;
  onOpen: CompareActions['openEvent'];
};

function Sentence({ divergence, name, onJump, onOpen }: SentenceProps) {
  const { runs = [], seqs = [] } = divergence ?? {};
  const names = ['Run 1', name ?? 'Run 2'];
  return (
    <>
      <p className="compare-verdict">
        <ToneIcon name={divergence === null ? 'pass' : 'diff'} tone={divergence === null ? 'good' : 'warn'} />
        <span>
          {name === null ? null : <strong>{`${name}: `}</strong>}
          {divergence?.text ?? 'the same, step by step.'}
        </span>
      </p>
      {divergence === null ? null : (
        <div className="compare-commands">
          {onJump === null ? null : (
            <Button icon="arrow-down" primary onClick={onJump}>
              Show in Steps
            </Button>
          )}
          {runs.map((run, at) => {
            const seq = seqs[at] ?? null;
            return seq === null ? null : (
              <Button key={run} icon="history" onClick={() => onOpen(run, seq)}>
                {`Open in ${names[at] ?? ''}`}
              </Button>
            );
          })}
        </div>
      )}
    </>
  );
}
