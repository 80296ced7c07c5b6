/** What a schema says of a member, as Markdown for people. Pure. */
import type { JsonSchema } from './schemaWalk';

/** Name, description, default and limits. */
export function memberText(name: string, schema: JsonSchema): string {
  const { description, default: fallback } = schema;
  const lines = [`**${name.replaceAll('_', '\\_')}**`];
  if (description !== undefined) lines.push(description);
  const limits = limitsOf(schema);
  if (limits !== '') lines.push(limits);
  if (fallback !== undefined) lines.push(`Default: \`${JSON.stringify(fallback).replace(/^"|"$/g, '')}\``);
  return lines.join('\n\n');
}

function limitsOf({ enum: values, minimum, exclusiveMinimum, maximum, maxLength }: JsonSchema): string {
  if (values !== undefined) return `One of: ${values.map((value) => `\`${String(value)}\``).join(', ')}`;
  const top = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum;
  if (minimum !== undefined && top !== null) return `From ${minimum} to ${top}`;
  if (minimum !== undefined) return `At least ${minimum}`;
  if (exclusiveMinimum !== undefined) return `More than ${exclusiveMinimum}`;
  return maxLength === undefined ? '' : `At most ${maxLength} characters`;
}

/** Text of a file as Markdown that shows it as it is. */
export const verbatim = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&');
