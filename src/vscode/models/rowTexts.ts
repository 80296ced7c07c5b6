/** What a person sees of a model before they choose it. Pure. */
import { formatNumber } from '../../protocol/format';
import { labelText } from '../exactText';
import type { ModelRow, ModelServer } from './models';

export type RowTexts = { readonly label: string; readonly description: string; readonly detail: string };

/** Name and destination; local or cloud, context, price, and what stands against it. What is not known is said to be so. */
export function rowTexts(row: ModelRow): RowTexts {
  const { title, destination, local, contextTokens, keyMissing, note } = row;
  const context = contextTokens === null ? 'context not known' : `${formatNumber(contextTokens)} tokens of context`;
  const facts = [
    local ? 'local' : 'cloud',
    context,
    priceText(row),
    ...(keyMissing ? ['no key is set'] : []),
    ...(note === null ? [] : [note]),
  ];
  return {
    label: `$(${local ? 'device-desktop' : 'cloud'}) ${labelText(title)}`,
    description: labelText(local ? destination : `sends to ${destination}`),
    detail: labelText(facts.join(' · ')),
  };
}

/** A server that is asked only when the person wants it. */
export const serverTexts = ({ provider, destination }: ModelServer): RowTexts => ({
  label: `$(search) ${labelText(`List the Models of ${provider}…`)}`,
  description: labelText(destination),
  detail: 'Asks the server for their names, once; nothing of your folder is sent',
});

function priceText({ price, priceDate }: ModelRow): string {
  if (price === null) return 'price not known';
  if (price.input === 0 && price.output === 0) return 'costs nothing';
  const dated = priceDate === null ? '' : ` (${priceDate})`;
  return `$${price.input} in, $${price.output} out for a million tokens${dated}`;
}
