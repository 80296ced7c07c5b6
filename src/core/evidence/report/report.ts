/**
 * The report of a run for somebody who has no tools but a browser: one HTML page, no script, nothing loaded from
 * anywhere. It is made of the events alone, so that the same run gives the same bytes.
 *
 * Invariant: any change of what this folder writes for the same events raises REPORT_VERSION; bundles that were made
 * before are then told apart from bundles that were tampered with.
 */
import type { RunEvent } from '../../events/schema';
import { OpenExecError } from '../../kernel/errors';
import { blueprint, happenings, plan, versions, visits } from './course';
import { context, egress, models } from './egress';
import { collect, noFacts } from './facts';
import { escaped, type Html, html } from './html';
import { head, limits, outcome } from './outcome';
import { type BlobText, excerpts } from './rows';
import { approvals, decisions, policy } from './rules';
import type { Section, Told } from './section';
import { STYLE } from './style';
import { artifacts, calls, commands, files } from './work';

export const REPORT_VERSION = 2;

const SECTIONS: readonly Section[] = [
  { id: 'approvals', title: 'Who approved what', of: approvals },
  { id: 'plan', title: 'Plan', of: plan },
  { id: 'nodes', title: 'Steps that were taken', of: visits },
  { id: 'files', title: 'Files changed', of: files },
  { id: 'refused', title: 'What was denied or had to be asked', of: decisions },
  { id: 'models', title: 'Model calls', of: models },
  { id: 'egress', title: 'What was sent to models, and where', of: egress },
  { id: 'context', title: 'What was chosen to be shown to the model', of: context },
  { id: 'commands', title: 'Commands that were run', of: commands },
  { id: 'calls', title: 'All tool calls', of: calls },
  { id: 'artifacts', title: 'Artifacts', of: artifacts },
  { id: 'course', title: 'Interruptions, limits and the result', of: happenings },
  { id: 'policy', title: 'Policy that was in force', of: policy },
  { id: 'blueprint', title: 'Blueprint', of: blueprint },
  { id: 'versions', title: 'Versions', of: versions },
  { id: 'head', title: 'Head of the record', of: head },
];

export type Reporter = {
  take(event: RunEvent): void;
  /** The page in pieces, so that whoever writes it can do something else in between. */
  write(): Iterable<string>;
};

/** Takes a run's events in their order and writes the report of them; both throw `internal` for what is not a run. */
export function reporter(blobText: BlobText): Reporter {
  const facts = noFacts();
  return {
    take: (event) => collect(facts, event),
    write() {
      const { origin, summary } = facts;
      if (origin === null || summary === null)
        throw new OpenExecError('internal', 'a run without events has no report');
      return page({ ...facts, origin, summary, excerpts: excerpts(blobText) });
    },
  };
}

function* page(told: Told): Generator<string> {
  yield opened(told.summary.runId);
  const links = SECTIONS.map(({ id, title }) => html`<li>${link(id, title)}</li>\n`);
  yield html`<header>${outcome(told)}</header>
${limits(told)}
<nav aria-label="Sections"><ul>
${links}</ul></nav>
<main>
`.html;
  for (const { id, title, of } of SECTIONS) {
    yield html`${opening(id)}<h2>${title}</h2>\n${of(told)}</section>\n`.html;
  }
  yield '</main>\n</body>\n</html>\n';
}

function opened(runId: string): string {
  const title = escaped(`Evidence report: run ${runId}`).replaceAll(/<[^>]*>/g, '');
  const policyOfPage = "default-src 'none'; style-src 'unsafe-inline'";
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOfPage}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '',
  ].join('\n');
}

/** Ids and titles of sections are our own words. */
const link = (id: string, title: string): Html => ({ html: `<a href="#${id}">${escaped(title)}</a>` });
const opening = (id: string): Html => ({ html: `<section id="${id}">` });
