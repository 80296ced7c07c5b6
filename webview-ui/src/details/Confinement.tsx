import { ToneIcon } from '../icons';

/** What held a tool in bounds while it ran, in the record's own words, with an icon that says the same. */
export function Confinement({ words }: { words: string }) {
  if (words.startsWith('confined by')) {
    return (
      <>
        <ToneIcon name="lock" tone="good" />
        {words}
      </>
    );
  }
  if (words.startsWith('not confined')) {
    return (
      <>
        <ToneIcon name="unlock" tone="warn" />
        {`${words}: nothing of the operating system held it back from other files or the network`}
      </>
    );
  }
  return <>{words}</>;
}
