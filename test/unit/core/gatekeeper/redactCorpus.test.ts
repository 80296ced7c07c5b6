/** The labelled corpus: what was found is counted, and fails by name. */
import { describe, expect, it } from 'vitest';
import { redact } from '../../../../src/core/gatekeeper/redact';
import { INNOCENTS } from '../../../redact/innocent';
import { POSITIVES } from '../../../redact/positive';
import { findingsOf } from '../../../support/findings';

describe('the corpus of secrets and personal data', () => {
  it.each(POSITIVES.map(({ what, text, secrets }, at) => [`${what} (${at})`, text, secrets] as const))(
    'loses its %s',
    (_what, text, secrets) => {
      const cleared = redact(text).text;
      for (const secret of secrets) expect(cleared).not.toContain(secret);
    },
  );

  it.each(INNOCENTS.map(({ what, text }) => [what, text] as const))('leaves %s as it is', (_what, text) => {
    expect(findingsOf(text)).toEqual([]);
  });
});
