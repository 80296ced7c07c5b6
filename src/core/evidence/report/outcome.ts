/** The top of the report (task and outcome), what it does not prove, and the head that ties it to the record. */
import { code, counted, facts, type Html, html } from './html';
import { cost, type Told, time, verdict, words } from './section';

const TASK = 20_000;

export function outcome({ summary, origin, accepted, excerpts, decisions, approvals }: Told): Html {
  const { data } = origin;
  const answers = approvals.kept.filter((row) => row.answer?.data.verdict === 'approved').length;
  return html`<h1>Evidence report</h1>
<p class="soft">Run ${code(summary.runId)}</p>
${facts([
  ['Task', excerpts.show(data.task, TASK, 0)],
  [
    'How it ended',
    html`${verdict(summary.status)}${summary.outcome === null ? '' : ` (${summary.outcome})`}. ${summary.reason}`,
  ],
  ['Result', RESULTS[summary.result]],
  ['Started', time(summary.startedAt)],
  ['Ended', summary.endedAt === null ? html`not ended` : time(summary.endedAt)],
  ['Plan accepted by', html`${accepted === null ? 'nobody' : accepted.data.by}`],
  ['Approvals', html`${answers} given, ${approvals.all - answers} not given; mode “${data.approvals}”`],
  ['Policy decisions', html`${decisions.allow} allowed, ${decisions.ask} had to be asked, ${decisions.deny} denied`],
  ['Files changed', html`${words(summary.filesChanged)}`],
  ['Committed', summary.commit === null ? html`no` : html`${code(summary.commit)} on ${code(summary.branch ?? '')}`],
  ['Blueprint', html`${data.blueprint.id}`],
  [
    'Model',
    html`${summary.model}, at ${data.model.destination}${data.model.local ? '; nothing leaves the machine' : ''}`,
  ],
  [
    'Model calls, tokens, cost',
    html`${counted(summary.modelCalls, 'call')}, ${counted(summary.tokens, 'token')}, ${cost(summary.costUsd)}`,
  ],
  ['Repository', html`${code(data.workspace.root)} at ${code(data.workspace.head)}`],
  [
    'Uncommitted changes at the start',
    html`${data.workspace.dirty ? 'yes, they were part of what the run worked on' : 'none'}`,
  ],
  ['Not covered by the copy', html`${words(data.workspace.notCovered)}`],
])}`;
}

const RESULTS: Readonly<Record<Told['summary']['result'], Html>> = {
  none: html`neither applied to the folder nor discarded, as far as the record goes`,
  applied: html`applied to the folder`,
  discarded: html`discarded`,
};

/** What a reader must not conclude; said before anything else is told. */
export function limits({ summary }: Told): Html {
  return html`<section class="loud" aria-labelledby="limits"><h2 id="limits">What this report does not prove</h2>
<ul>
<li><strong>This page is a copy for reading.</strong> The evidence is ${code('journal.jsonl')} and ${code('blobs/')} in the same
bundle. Whoever can change the bundle can change this page; check the bundle with ${code('openexec verify FILE')}.</li>
<li><strong>It is tamper-evident only against a head that was kept elsewhere.</strong> The chain of hashes shows a change in the
middle. That the end was cut off or written anew shows only when the head at the end of this page
(${counted(summary.events, 'event')}) is compared with one that was kept outside of the bundle, or when the bundle is signed with
a key whose fingerprint you know from elsewhere.</li>
<li><strong>The times are those of the clock of the machine that ran it.</strong> Nobody else has vouched for them, nor for who
“by” names: a name is what the program was told.</li>
<li><strong>It does not show that the run complied with any law, standard or contract,</strong> nor that the change is right.
It shows what was recorded.</li>
<li><strong>What a command did outside of the run's copy is not known</strong> where a command is marked “not confined”.</li>
</ul>
</section>`;
}

export function head({ summary }: Told): Html {
  return html`${facts([
    ['Events', html`${summary.events}`],
    ['Hash of the last event', code(summary.head)],
  ])}<p>To compare with a head that was kept elsewhere: ${code(`openexec verify FILE --head ${summary.head}`)}.
A signature, if the bundle has one, is in ${code('signature.json')} and is over ${code('manifest.json')}.</p>\n`;
}
