/** Looking through a run for canaries: what its model was sent, what it left on disk, printed and exported. */
import fs from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { expect } from 'vitest';
import { type CliEnd, cli, defaultStore, journalOf, onlyRunOf, temporaryFolder } from '../support/cli';
import type { OpenAiServer } from '../support/openaiServer';
import { ALL, type Canary, leaksIn } from './planted';

export type Told = { readonly folder: string; readonly end: CliEnd; readonly server: OpenAiServer };

/** Every file below a folder with its bytes; a blob's are unpacked. */
function filesOf(root: string): [name: string, bytes: Buffer][] {
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith(`worktrees${path.sep}`) && fs.statSync(path.join(root, name)).isFile())
    .map((name) => {
      const bytes = fs.readFileSync(path.join(root, name));
      return [name, name.startsWith(`blobs${path.sep}`) ? inflateSync(bytes) : bytes];
    });
}

/** What the server was sent, as the bytes of JSON and as the text in it. */
export function sentTo(server: OpenAiServer): [name: string, text: string][] {
  const textsIn = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
  };
  return server.requests.flatMap(({ body }, at): [string, string][] => [
    [`request ${at}`, JSON.stringify(body)],
    [`texts of request ${at}`, textsIn(body).join('\n\n')],
  ]);
}

/** Every leak of a run: to the server, on disk, in what was printed, in the evidence. */
export async function leaksOf({ folder, end, server }: Told, wanted: readonly Canary[] = ALL): Promise<string[]> {
  const store = defaultStore(folder);
  const out = path.join(temporaryFolder(), 'evidence.zip');
  const exported = await cli(['export', onlyRunOf(store), '--workspace', folder, '--out', out]);
  expect(exported.code, exported.stderr).toBe(0);
  const bundle = Object.entries(unzipSync(fs.readFileSync(out)));
  expect(bundle.map(([name]) => name)).toContain('report.html');
  const places: [string, Buffer | string][] = [
    ...sentTo(server),
    ...filesOf(store),
    ...bundle.map(([name, bytes]): [string, Buffer] => [`bundle ${name}`, Buffer.from(bytes)]),
    ['standard output', end.stdout],
    ['standard error', end.stderr],
  ];
  const leaks = new Set(places.flatMap(([place, bytes]) => leaksIn(place, bytes, wanted)));
  return [...leaks];
}

/** The calls of a run, each with how it ended. */
export const finishedCalls = (folder: string): { tool: string; outcome: string }[] =>
  journalOf(defaultStore(folder)).flatMap((event) =>
    event.type === 'tool.finished' ? [{ tool: event.data.tool, outcome: event.data.outcome }] : [],
  );

/** The run is worth looking through only when the model had its way. */
export function expectUsed({ folder, end, server }: Told, requests: number, ok: number): void {
  expect(server.requests.length, end.stderr).toBeGreaterThanOrEqual(requests);
  expect(finishedCalls(folder).filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThanOrEqual(ok);
}
