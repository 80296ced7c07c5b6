/** The answer of an MCP tool as a model gets to read it: its texts; whatever else came is told, not passed on. */
import { z } from 'zod';

const partSchema = z.looseObject({ type: z.string() });
const textSchema = z.looseObject({ type: z.literal('text'), text: z.string() });
const mediaSchema = z.looseObject({ type: z.enum(['image', 'audio']), data: z.string(), mimeType: z.string() });
const linkSchema = z.looseObject({ type: z.literal('resource_link'), uri: z.string() });
const resourceSchema = z.looseObject({
  type: z.literal('resource'),
  resource: z.looseObject({ uri: z.string(), text: z.string().optional(), mimeType: z.string().optional() }),
});

const answerSchema = z.looseObject({
  content: z.array(z.unknown()).default([]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

export type McpAnswer = { readonly failed: boolean; readonly text: string };

/** Reads an answer; null when it is none. Pure; the text is not bounded yet. */
export function readAnswer(raw: unknown): McpAnswer | null {
  const parsed = answerSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { content, structuredContent, isError = false } = parsed.data;
  const parts = content.map(partText);
  const hasText = content.some((part) => textSchema.safeParse(part).success);
  // A server that answers in a structure should repeat it as text; one that does not is read all the same.
  if (!hasText && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent));
  return { failed: isError, text: parts.length === 0 ? '(the tool answered with nothing)' : parts.join('\n') };
}

function partText(part: unknown): string {
  const text = textSchema.safeParse(part);
  if (text.success) return text.data.text;
  const media = mediaSchema.safeParse(part);
  if (media.success) {
    const { type, data, mimeType } = media.data;
    return `[${type}, ${mimeType}, about ${Math.floor((data.length * 3) / 4)} bytes: not passed on]`;
  }
  const link = linkSchema.safeParse(part);
  if (link.success) return `[a link to the resource ${link.data.uri}: not followed]`;
  const resource = resourceSchema.safeParse(part);
  if (resource.success) {
    const { uri, text: inside, mimeType = 'of no known type' } = resource.data.resource;
    return inside === undefined
      ? `[the resource ${uri}, ${mimeType}: not passed on]`
      : `[the resource ${uri}]\n${inside}`;
  }
  const { type } = partSchema.safeParse(part).data ?? { type: 'unknown' };
  return `[a part of the kind ${JSON.stringify(type)}: not passed on]`;
}
