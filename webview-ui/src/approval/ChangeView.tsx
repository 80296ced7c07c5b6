/** What a call would do, or did: the words that a program would get, or the lines of a file before and after. */
import type { Change, ChangeLine } from '../../../src/protocol/approval';
import { formatCount } from '../../../src/protocol/format';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';

/** `named`: the path of the file is said here, not beside it. */
export function ChangeView({ change, named = true }: { change: Change; named?: boolean }) {
  return change.kind === 'command' ? <Command change={change} /> : <FileChange change={change} named={named} />;
}

function Command({ change: { line, argv, why } }: { change: Change & { kind: 'command' } }) {
  return (
    <div className="change">
      <figure className="text-block exact">
        <figcaption>Command line</figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre tabIndex={0}>
          <Visible text={line} />
        </pre>
      </figure>
      {argv === null ? (
        <p>
          <ToneIcon name="warning" tone="warn" />
          {`Not one plain command: ${why}.`}
        </p>
      ) : (
        <ol className="argv" aria-label="Program and arguments, one by one">
          {argv.map((word, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a command never change their order.
            <li key={index} title={index === 0 ? 'Program' : `Argument ${index}`}>
              {word === '' ? <span className="quiet">empty</span> : <Visible text={word} />}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const SIGNS: Readonly<Record<ChangeLine['kind'], string>> = { plus: '+', minus: '-', same: ' ', hunk: '', head: '' };
const WORDS: Readonly<Record<ChangeLine['kind'], string>> = {
  plus: 'added: ',
  minus: 'removed: ',
  same: '',
  hunk: '',
  head: '',
};

type FileChangeProps = { change: Change & { kind: 'file' }; named: boolean };

function FileChange({ change: { path, what, lines, moreLines }, named }: FileChangeProps) {
  return (
    <figure className="text-block change">
      <figcaption>
        {path === '' || !named ? null : (
          <code>
            <Visible text={path} />
          </code>
        )}
        <span>{what}</span>
      </figcaption>
      {lines.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <pre tabIndex={0}>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a change never change their order.
            <Line key={index} line={line} />
          ))}
        </pre>
      )}
      {moreLines === 0 ? null : (
        <p>
          <ToneIcon name="warning" tone="warn" />
          {`${formatCount(moreLines, 'more line')} not shown here, after the first ${lines.length}.`}
        </p>
      )}
    </figure>
  );
}

function Line({ line: { kind, before, after, text } }: { line: ChangeLine }) {
  const isContent = kind === 'plus' || kind === 'minus' || kind === 'same';
  return (
    <span className={`line change-line line-${kind}`}>
      {isContent ? (
        <>
          <span className="line-number" aria-hidden="true">
            {before ?? ''}
          </span>
          <span className="line-number" aria-hidden="true">
            {after ?? ''}
          </span>
        </>
      ) : null}
      <span className="line-sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <span className="line-text">
        {WORDS[kind] === '' ? null : <span className="only-read-aloud">{WORDS[kind]}</span>}
        <Visible text={text} layout />
        {'\n'}
      </span>
    </span>
  );
}
