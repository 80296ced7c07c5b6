/** What is to be done instead: the input of a call, as the person writes it. */
import { useId } from 'react';
import { Button, TextArea } from '../controls';
import { editProblem } from '../edit';
import { ToneIcon } from '../icons';

type ApprovalEditorProps = {
  text: string;
  answered: boolean;
  onText: (text: string) => void;
  onApprove: () => void;
  onBack: () => void;
};

export function ApprovalEditor({ text, answered, onText, onApprove, onBack }: ApprovalEditorProps) {
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
