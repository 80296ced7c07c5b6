/** All questions that wait for an answer: those of this run as cards, those of other runs as lines that lead there. */
import { formatCount } from '../../../src/protocol/format';
import type { RunView } from '../../../src/protocol/messages';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import { ApprovalCard, type Resolve } from './ApprovalCard';
import { ContextCard } from './ContextCard';
import { QuestionCard } from './QuestionCard';

type ApprovalsProps = {
  run: RunView;
  answered: ReadonlySet<string>;
  onResolve: Resolve;
  onShowDecision: (seq: number) => void;
  onOpenRun: (runId: string) => void;
};

export function Approvals({ run, answered, onResolve, onShowDecision, onOpenRun }: ApprovalsProps) {
  const { approvals, elsewhere, readOnly } = run;
  if (approvals.length + elsewhere.length === 0) return null;
  return (
    <div className="approvals">
      {approvals.length < 2 ? null : <p>{formatCount(approvals.length, 'answer')} wanted in this run:</p>}
      {approvals.map((pending) => {
        const common = { pending, readOnly, answered: answered.has(pending.approval), onResolve };
        if (pending.context !== null)
          return <ContextCard key={pending.approval} {...common} context={pending.context} />;
        return pending.question ? (
          <QuestionCard key={pending.approval} {...common} />
        ) : (
          <ApprovalCard key={pending.approval} {...common} onShowDecision={onShowDecision} />
        );
      })}
      {elsewhere.length === 0 ? null : (
        <ul className="elsewhere" aria-label="Other runs that wait for you">
          {elsewhere.map(({ runId, task, title }) => (
            <li key={`${runId} ${title}`}>
              <ToneIcon name="person" tone="warn" />
              <span className="elsewhere-words">
                <Visible text={`Another run waits for you: ${title}`} />
              </span>
              <button type="button" className="link" title={task} onClick={() => onOpenRun(runId)}>
                Open its timeline
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
