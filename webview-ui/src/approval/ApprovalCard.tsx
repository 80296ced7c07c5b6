/**
 * A question of the policy, or of a node, to the person: what exactly is to be done, what of the policy asks, and the
 * answers that there are.
 */
import { useId, useState } from 'react';
import type { ApprovalAnswer, PendingApproval } from '../../../src/protocol/approval';
import { MAX_REASON } from '../../../src/protocol/messages';
import { ruleOrigin } from '../../../src/protocol/policy';
import { Button, TextArea, TextField } from '../controls';
import { Hash } from '../details/Hash';
import { Fact } from '../details/KeyValue';
import { prettyJson } from '../details/text';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';
import { ApprovalEditor } from './ApprovalEditor';
import { ChangeView } from './ChangeView';
import { ExactArguments } from './ExactArguments';

export type Resolve = (approval: string, answer: ApprovalAnswer) => void;
type ApprovalCardProps = {
  pending: PendingApproval;
  readOnly: boolean;
  answered: boolean;
  onResolve: Resolve;
  /** Goes to the decision that asks, and shows how it came about. */
  onShowDecision: (seq: number) => void;
};

export function ApprovalCard({ pending, readOnly, answered, onResolve, onShowDecision }: ApprovalCardProps) {
  const [edited, setEdited] = useState<string | null>(null);
  const titleId = useId();
  const { approval, tool, detail, change } = pending;
  const resolve = (answer: ApprovalAnswer): void => onResolve(approval, answer);
  return (
    <section className="approval" aria-labelledby={titleId}>
      <h2 id={titleId}>
        <ToneIcon name="person" tone="warn" />
        <span>
          Approval needed: <Visible text={headingOf(pending)} />
        </span>
      </h2>
      {edited === null ? (
        <>
          {change === null ? null : <ChangeView change={change} />}
          <ExactArguments
            label={tool === null ? (OVER_RUN[approval] ?? 'What is to be approved') : `Exact arguments of ${tool}`}
            detail={detail}
            folded={change !== null}
          />
        </>
      ) : (
        <ApprovalEditor
          text={edited}
          answered={answered}
          onText={setEdited}
          onApprove={() => resolve({ verdict: 'approved', reason: '', edited })}
          onBack={() => setEdited(null)}
        />
      )}
      <BoundTo pending={pending} onShowDecision={onShowDecision} />
      {readOnly ? (
        <p>Answer it in the window that runs this run.</p>
      ) : edited === null ? (
        <Choices
          pending={pending}
          answered={answered}
          onAnswer={resolve}
          onEdit={() => setEdited(prettyJson(detail))}
        />
      ) : null}
    </section>
  );
}

/** What the gatekeeper asks over the whole run, by the approval's id: what its text says. */
const OVER_RUN: Readonly<Record<string, string>> = {
  plan: 'What the gatekeeper bases its plan on',
  sensitive: 'What that means',
};

/** The title of a call repeats its arguments and the reason, which stand below in full. */
function headingOf({ title, tool, change }: PendingApproval): string {
  if (tool === null) return title;
  return change?.kind === 'file' && change.path !== '' ? `${tool} ${change.path}` : tool;
}

/** What the answer holds for, and why a person is asked at all. */
function BoundTo({
  pending: { asks, snapshot },
  onShowDecision,
}: Pick<ApprovalCardProps, 'pending' | 'onShowDecision'>) {
  return (
    <dl className="facts approval-facts">
      {asks === null ? null : (
        <>
          <Fact name="Rule">
            <code>{asks.rule}</code>
            {`, which comes from ${ruleOrigin(asks.layer)} `}
            <button type="button" className="link" onClick={() => onShowDecision(asks.seq)}>
              Explain
            </button>
          </Fact>
          <Fact name="Why">{asks.reason}</Fact>
        </>
      )}
      <Fact name="Bound to">
        {asks === null ? 'exactly this, under the policy ' : 'exactly these arguments, under the policy '}
        <Hash value={snapshot} />
      </Fact>
    </dl>
  );
}

type ChoicesProps = {
  pending: PendingApproval;
  answered: boolean;
  onAnswer: (answer: ApprovalAnswer) => void;
  onEdit: () => void;
};

const ONCE = 'This one call, and no other; the same call is asked about again';
const IN_RUN =
  'This call, word for word: the same tool with the same arguments is not asked about again in this run. Anything else is.';

function Choices({ pending, answered, onAnswer, onEdit }: ChoicesProps) {
  const [denying, setDenying] = useState(false);
  if (pending.tool === null) return <Gate answered={answered} onAnswer={onAnswer} />;
  if (denying) return <Denial answered={answered} onAnswer={onAnswer} onBack={() => setDenying(false)} />;
  return (
    <div className="approval-buttons">
      <Button
        primary
        icon="check"
        disabled={answered}
        title={ONCE}
        onClick={() => onAnswer({ verdict: 'approved', reason: '', scope: 'once' })}
      >
        Allow Once
      </Button>
      {pending.repeatable ? (
        <Button
          icon="check-all"
          disabled={answered}
          title={IN_RUN}
          onClick={() => onAnswer({ verdict: 'approved', reason: '', scope: 'run' })}
        >
          Allow in This Run
        </Button>
      ) : null}
      {pending.editable ? (
        <Button icon="edit" disabled={answered} title="Change what is to be done, then approve that" onClick={onEdit}>
          Edit
        </Button>
      ) : null}
      <Button icon="close" disabled={answered} onClick={() => onAnswer({ verdict: 'rejected', reason: '' })}>
        Deny
      </Button>
      <Button icon="comment" disabled={answered} onClick={() => setDenying(true)}>
        Deny with Reason…
      </Button>
    </div>
  );
}

type AnswerProps = Pick<ChoicesProps, 'answered' | 'onAnswer'>;

/** Between two nodes of the blueprint: yes or no, and why. */
function Gate({ answered, onAnswer }: AnswerProps) {
  const [reason, setReason] = useState('');
  const answer = (verdict: ApprovalAnswer['verdict']): void => onAnswer({ verdict, reason: reason.trim() });
  return (
    <div className="approval-answer">
      <TextField
        label="Reason"
        value={reason}
        placeholder="Optional; is recorded with the answer"
        onInput={setReason}
      />
      <div className="approval-buttons">
        <Button primary icon="check" disabled={answered} onClick={() => answer('approved')}>
          Approve
        </Button>
        <Button icon="close" disabled={answered} onClick={() => answer('rejected')}>
          Reject
        </Button>
      </div>
    </div>
  );
}

function Denial({ answered, onAnswer, onBack }: AnswerProps & { onBack: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <div className="approval-editor">
      <TextArea
        label="Reason; it is recorded, and the model is told"
        value={reason}
        rows={2}
        focused
        limit={MAX_REASON}
        onInput={setReason}
      />
      <div className="approval-buttons">
        <Button
          primary
          icon="close"
          disabled={answered}
          onClick={() => onAnswer({ verdict: 'rejected', reason: reason.trim() })}
        >
          Deny
        </Button>
        <Button disabled={answered} onClick={onBack}>
          Back
        </Button>
      </div>
    </div>
  );
}
