/** `redact`: what looks like a secret or tells who somebody is, taken out of standard input. */
import os from 'node:os';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Finding } from '../../core/gatekeeper/detect/kinds';
import { Chunks } from '../../core/gatekeeper/gate';
import { OpenExecError } from '../../core/kernel/errors';
import { listedNames } from '../../node/gatekeeper/listedNames';
import { policyFiles } from '../../node/policy/places';
import { EXIT } from '../exit';
import { parseFlags } from '../flags';

const lineSchema = z.object({ text: z.string() });

/** Text in, text out; `--json` gives one document, `--jsonl` reads and writes an object a line. Throws `usage`. */
export async function redact(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'redact', 0);
  const lines = flags.values.jsonl === true;
  if (lines && flags.values.json) throw new OpenExecError('usage', '--json and --jsonl exclude each other');
  const names = await listedNames(null, policyFiles(process.platform, process.env, os.homedir()));
  if (lines) await redactJsonLines(names);
  else if (flags.values.json) await redactDocument(names);
  else await redactStream(names);
  return EXIT.ok;
}

/** Piece by piece, so that a log of any size passes in bounded memory. */
async function redactStream(names: readonly string[]): Promise<void> {
  const chunks = new Chunks(names);
  process.stdin.setEncoding('utf8');
  for await (const piece of process.stdin) for (const { text } of chunks.add(String(piece))) await write(text);
  await write(chunks.end().text);
}

async function redactDocument(names: readonly string[]): Promise<void> {
  const chunks = new Chunks(names);
  const texts: string[] = [];
  const findings: Finding[] = [];
  process.stdin.setEncoding('utf8');
  const take = (part: { text: string; findings: readonly Finding[] }) => {
    texts.push(part.text);
    findings.push(...part.findings);
  };
  for await (const piece of process.stdin) chunks.add(String(piece)).forEach(take);
  take(chunks.end());
  await write(`${JSON.stringify({ text: texts.join(''), findings }, null, 2)}\n`);
}

async function redactJsonLines(names: readonly string[]): Promise<void> {
  const input = createInterface({ input: process.stdin, crlfDelay: Infinity });
  let number = 0;
  for await (const line of input) {
    number++;
    if (line.trim() === '') continue;
    const chunks = new Chunks(names);
    const parts = [...chunks.add(textOf(line, number)), chunks.end()];
    const text = parts.map((part) => part.text).join('');
    await write(`${JSON.stringify({ text, findings: parts.flatMap(({ findings }) => findings) })}\n`);
  }
}

function textOf(line: string, number: number): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new OpenExecError('usage', `line ${number} of standard input is no JSON; {"text": "…"} is wanted`, { cause });
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return parsed.data.text;
  throw new OpenExecError('usage', `line ${number} of standard input has no text; {"text": "…"} is wanted`);
}

/** Waits where the reader is slower. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
