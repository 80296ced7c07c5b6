/** A question of the model to the person who started the run: what they answer is what it is told. */
import { useId, useState } from 'react';
import type { PendingApproval } from '../../../src/protocol/approval';
import { MAX_REASON } from '../../../src/protocol/messages';
import { Button, TextArea } from '../controls';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import type { Resolve } from './ApprovalCard';
import { questionOf } from './question';

type QuestionCardProps = { pending: PendingApproval; readOnly: boolean; answered: boolean; onResolve: Resolve };

export function QuestionCard({ pending, readOnly, answered, onResolve }: QuestionCardProps) {
  const [answer, setAnswer] = useState('');
  const titleId = useId();
  const { approval } = pending;
  return (
    <section className="approval" aria-labelledby={titleId}>
      <h2 id={titleId}>
        <ToneIcon name="question" tone="warn" />
        <span>The model asks you</span>
      </h2>
      <blockquote>
        <Visible text={questionOf(pending)} layout />
      </blockquote>
      {readOnly ? (
        <p>Answer it in the window that runs this run.</p>
      ) : (
        <div className="approval-editor">
          <TextArea
            label="Your answer; it is recorded, and sent to the model"
            value={answer}
            rows={3}
            limit={MAX_REASON}
            onInput={setAnswer}
          />
          <div className="approval-buttons">
            <Button
              primary
              icon="send"
              disabled={answered || answer.trim() === ''}
              onClick={() => onResolve(approval, { verdict: 'approved', reason: answer.trim() })}
            >
              Answer
            </Button>
            <Button
              icon="close"
              disabled={answered}
              title="The model is told that you do not answer, and goes on"
              onClick={() => onResolve(approval, { verdict: 'rejected', reason: '' })}
            >
              Decline
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
