/** Says that today's policy decides otherwise than the run's, and on request what became wider and what narrower. */
import { useId, useState } from 'react';
import { formatCount, formatNumber } from '../../src/protocol/format';
import type { Drift, DriftChange } from '../../src/protocol/policy';
import { effectSign } from './details/effectSign';
import { Hash } from './details/Hash';
import { Icon, ToneIcon } from './icons';

/** `live`: the run goes on, under the policy that it was started with. */
export function DriftNotice({ drift, live }: { drift: Drift; live: boolean }) {
  const [open, setOpen] = useState(false);
  const body = useId();
  const { was, now, wider, narrower, more } = drift;
  return (
    <section className="drift" aria-label="Policy drift">
      <p>
        <button type="button" className="fold" aria-expanded={open} aria-controls={body} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <ToneIcon name="shield" tone={isOtherwise(drift) ? 'warn' : 'neutral'} />
          <span>
            {isOtherwise(drift)
              ? 'The policy has changed since this run'
              : 'The policy was written anew since this run'}
            <span className="quiet">{`: ${summaryOf(drift)}`}</span>
          </span>
        </button>
      </p>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what can be filled in.
        <div id={body} className="drift-body" role="group" aria-label="What is decided otherwise today" tabIndex={0}>
          <p className="quiet">
            {live ? 'The run goes on under the policy that it was started with, ' : 'The run had the policy '}
            <Hash value={was} />
            {'; a run that is started today has '}
            <Hash value={now} />.
          </p>
          <Changes title="Wider: more is allowed today" changes={wider} />
          <Changes title="Narrower: less is allowed today" changes={narrower} />
          {isOtherwise(drift) ? null : (
            <p>No call that was tried is decided otherwise; only the texts of the policies differ.</p>
          )}
          {more === 0 ? null : <p className="quiet">{`and ${formatNumber(more)} more`}</p>}
        </div>
      ) : null}
    </section>
  );
}

/** True when something is decided otherwise, not only written otherwise. */
const isOtherwise = ({ wider, narrower }: Drift): boolean => wider.length + narrower.length > 0;

function summaryOf(drift: Drift): string {
  const { wider, narrower, more } = drift;
  if (!isOtherwise(drift)) return 'it decides the same, as far as was tried';
  const words = [`${formatNumber(wider.length)} wider`, `${formatNumber(narrower.length)} narrower`];
  return `${words.join(', ')}${more === 0 ? '' : `, ${formatNumber(more)} more`}`;
}

function Changes({ title, changes }: { title: string; changes: readonly DriftChange[] }) {
  if (changes.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{`${title} (${formatCount(changes.length, 'change')})`}</h3>
      <ul>
        {changes.map(({ what, was, now, rule }) => (
          <li key={`${what} ${was} ${now} ${rule}`}>
            <ToneIcon name={effectSign(now).icon} tone={effectSign(now).tone} />
            <span>
              {what}: {effectSign(was).word}, now <b>{effectSign(now).word}</b>{' '}
              <span className="quiet">{`by ${rule}`}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
