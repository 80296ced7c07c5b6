/** A question of the policy to the person: what exactly is to be done, and yes or no. */
import { useId, useState } from 'react';
import type { PendingApproval } from '../../src/protocol/messages';
import { Button, TextField } from './controls';
import { TextBlock } from './details/TextBlock';
import { ToneIcon } from './icons';

type ApprovalCardProps = {
  pending: PendingApproval;
  readOnly: boolean;
  answered: boolean;
  onResolve: (approval: string, verdict: 'approved' | 'rejected', reason: string) => void;
};

export function ApprovalCard({ pending, readOnly, answered, onResolve }: ApprovalCardProps) {
  const [reason, setReason] = useState('');
  const titleId = useId();
  const resolve = (verdict: 'approved' | 'rejected') => onResolve(pending.approval, verdict, reason.trim());
  return (
    <section className="approval" aria-labelledby={titleId}>
      <h2 id={titleId}>
        <ToneIcon name="person" tone="warn" />
        Approval needed: {pending.title}
      </h2>
      {pending.detail === '' ? null : <TextBlock label="What is to be approved" text={pending.detail} />}
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
            <Button primary icon="check" disabled={answered} onClick={() => resolve('approved')}>
              Approve
            </Button>
            <Button icon="close" disabled={answered} onClick={() => resolve('rejected')}>
              Reject
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
