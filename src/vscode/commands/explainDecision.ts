import { OpenExecError } from '../../core/kernel/errors';
import { explainText } from '../explainText';
import { openPolicyAt } from '../openPolicy';
import { type Command, runIdOf } from './context';

/** Opens how a decision came about, in words: every rule that was looked at, and the one that won. */
export const explainDecision: Command = async ({ runs, documents }, run, seq) => {
  const [runId, at] = [runIdOf(run), seqOf(seq)];
  const explained = await runs.explain(runId, at);
  const { task } = await runs.summary(runId);
  await documents.show(runId, `Decision at event ${at}.md`, explainText(explained, { task, seq: at }));
};

/** "Open Policy": the file that the deciding rule comes from, at the rule. */
export const openPolicy: Command = async ({ runs }, run, seq) => {
  const [runId, at] = [runIdOf(run), seqOf(seq)];
  const { rule, layer } = (await runs.explain(runId, at)).decision;
  if (layer === 'gatekeeper') throw new OpenExecError('usage', PLANNED);
  const file = await runs.policyFile(runId, at);
  if (file === null) {
    const what = `The rule ${rule} is OpenExec's own: no policy can change it, and there is no file to open.`;
    throw new OpenExecError('usage', `${what} "Explain" says what it found.`);
  }
  await openPolicyAt(file, rule);
};

const PLANNED =
  "No policy decided this, the gatekeeper's plan of the run did. What it excludes comes from the policy's rules on reading, " +
  'from .gitignore and .openexecignore, and from what you added before the start; its event in the timeline names each.';

/** Takes marks away: that of one event of a run, or all. */
export const dismissDenials: Command = async ({ marks }, run, seq) => {
  marks.dismiss(typeof run === 'string' ? run : undefined, typeof seq === 'number' ? seq : undefined);
};

function seqOf(arg: unknown): number {
  if (typeof arg === 'number') return arg;
  throw new OpenExecError('usage', 'Choose a decision in the timeline of a run first.');
}
