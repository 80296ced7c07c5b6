/** The arguments of a call, to the letter: what the answer is bound to. */
import { isDiff } from '../../../src/protocol/diff';
import { formatCount } from '../../../src/protocol/format';
import { hiddenIn } from '../../../src/protocol/visible';
import { TextBlock } from '../details/TextBlock';
import { prettyJson } from '../details/text';
import { ToneIcon } from '../icons';
import { Visible } from '../Visible';

type ExactArgumentsProps = {
  label: string;
  detail: string;
  /** True when they are put away behind their label, for what they say is shown otherwise. */
  folded: boolean;
};

export function ExactArguments({ label, detail, folded }: ExactArgumentsProps) {
  if (detail === '') return null;
  if (isDiff(detail)) return <TextBlock label={label} text={detail} />;
  const block = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre tabIndex={0}>
      <Visible text={prettyJson(detail)} layout />
    </pre>
  );
  return (
    <>
      <HiddenNote text={decodedText(detail)} />
      {folded ? (
        <details className="text-block">
          <summary>{label}</summary>
          {block}
        </details>
      ) : (
        <figure className="text-block">
          <figcaption>{label}</figcaption>
          {block}
        </figure>
      )}
    </>
  );
}

/** Says aloud that there is more than meets the eye. */
function HiddenNote({ text }: { text: string }) {
  const hidden = hiddenIn(text);
  if (hidden === 0) return null;
  return (
    <p className="hidden-note">
      <ToneIcon name="warning" tone="warn" />
      {`Holds ${formatCount(hidden, 'character')} that cannot be seen or that change how text reads; each is shown by its number.`}
    </p>
  );
}

/** JSON writes some characters as escapes; they are in the text all the same. */
function decodedText(detail: string): string {
  const texts: string[] = [];
  try {
    JSON.parse(detail, (key, value: unknown) => {
      texts.push(key);
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {
    return detail;
  }
  return texts.join('');
}
