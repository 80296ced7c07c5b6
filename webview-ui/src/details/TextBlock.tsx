/** Text as it was recorded: JSON set out, diffs with their lines and redactions marked, payloads that were not loaded said so. */
import { useMemo } from 'react';
import { diffLines, isDiff } from '../../../src/protocol/diff';
import type { Payload } from '../../../src/protocol/events';
import { formatBytes } from '../../../src/protocol/format';
import { Redacted } from './Redacted';
import { prettyJson } from './text';

export function TextBlock({ label, text }: { label: string; text: Payload }) {
  if (typeof text !== 'string') {
    return (
      <p className="quiet">{`${label}: ${formatBytes(text.bytes)} of ${text.media}, not loaded (${text.blob.slice(0, 12)}…)`}</p>
    );
  }
  if (text === '') return <p className="quiet">{`${label}: empty`}</p>;
  return (
    <figure className="text-block">
      <figcaption>{label}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>{isDiff(text) ? <Diff text={text} /> : <Redacted text={prettyJson(text)} />}</pre>
    </figure>
  );
}

function Diff({ text }: { text: string }) {
  const lines = useMemo(() => diffLines(text), [text]);
  return lines.map(({ text: line, kind, number }) => (
    <span key={number} className={`line line-${kind}`}>
      <Redacted text={line} />
      {'\n'}
    </span>
  ));
}
