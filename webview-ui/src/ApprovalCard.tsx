/**
 * A question of the policy to the person: what exactly is to be done, and yes or no; or, where it is a call's input,
 * what is to be done instead.
 */
import { useId, useState } from 'react';
import type { PendingApproval } from '../../src/protocol/messages';
import { Button, TextArea, TextField } from './controls';
import { TextBlock } from './details/TextBlock';
import { prettyJson } from './details/text';
import { editProblem } from './edit';
import { ToneIcon } from './icons';

type Resolve = (approval: string, verdict: 'approved' | 'rejected', reason: string, edited?: string) => void;
type ApprovalCardProps = { pending: PendingApproval; readOnly: boolean; answered: boolean; onResolve: Resolve };

export function ApprovalCard({ pending, readOnly, answered, onResolve }: ApprovalCardProps) {
  const [reason, setReason] = useState('');
  const [edited, setEdited] = useState<string | null>(null);
  const titleId = useId();
  const resolve = (verdict: 'approved' | 'rejected', text?: string): void =>
    onResolve(pending.approval, verdict, reason.trim(), text);
  return (
    <section className="approval" aria-labelledby={titleId}>
      <h2 id={titleId}>
        <ToneIcon name="person" tone="warn" />
        Approval needed: {pending.title}
      </h2>
      {edited !== null ? (
        <Editor
          text={edited}
          answered={answered}
          onText={setEdited}
          onApprove={() => resolve('approved', edited)}
          onBack={() => setEdited(null)}
        />
      ) : pending.detail === '' ? null : (
        <TextBlock label="What is to be approved" text={pending.detail} />
      )}
      {readOnly ? (
        <p>Answer it in the window that runs this run.</p>
      ) : (
        <div className="approval-answer">
          <TextField
            label="Reason"
            value={reason}
            placeholder="Optional; is recorded with the answer"
            onInput={setReason}
          />
          <div className="approval-buttons">
            {edited === null ? (
              <Button primary icon="check" disabled={answered} onClick={() => resolve('approved')}>
                Approve
              </Button>
            ) : null}
            {pending.editable && edited === null ? (
              <Button
                icon="edit"
                disabled={answered}
                title="Change what is to be done, then approve that"
                onClick={() => setEdited(prettyJson(pending.detail))}
              >
                Edit
              </Button>
            ) : null}
            <Button icon="close" disabled={answered} onClick={() => resolve('rejected')}>
              Reject
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}

type EditorProps = {
  text: string;
  answered: boolean;
  onText: (text: string) => void;
  onApprove: () => void;
  onBack: () => void;
};

function Editor({ text, answered, onText, onApprove, onBack }: EditorProps) {
  const problemId = useId();
  const problem = editProblem(text);
  const rows = Math.min(16, Math.max(4, text.split('\n').length));
  return (
    <div className="approval-editor">
      <TextArea
        label="Input of the call, as JSON"
        value={text}
        rows={rows}
        {...(problem === null ? {} : { problemId })}
        onInput={onText}
      />
      {/* Always there, so that it is announced when it begins to say something. */}
      <p id={problemId} role="status" className="approval-problem">
        {problem === null ? (
          <span className="quiet">The policy decides anew on what you write.</span>
        ) : (
          <>
            <ToneIcon name="error" tone="bad" />
            {problem}
          </>
        )}
      </p>
      <div className="approval-buttons">
        <Button primary icon="check" disabled={answered || problem !== null} onClick={onApprove}>
          Approve as Edited
        </Button>
        <Button disabled={answered} onClick={onBack}>
          Undo Changes
        </Button>
      </div>
    </div>
  );
}
