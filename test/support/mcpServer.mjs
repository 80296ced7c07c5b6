#!/usr/bin/env node
/**
 * A real MCP server over standard input and output, for tests: `mcpServer.mjs FOLDER`. What it offers and how it behaves
 * is read anew for every request from FOLDER/behaviour.json, `{ start?, tools: [{ name, description, inputSchema, does }] }`;
 * what happens to it is appended to FOLDER/log, a line each.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const folder = process.argv[2] ?? '.';
const behaviour = () => JSON.parse(fs.readFileSync(path.join(folder, 'behaviour.json'), 'utf8'));
const log = (line) => fs.appendFileSync(path.join(folder, 'log'), `${line}\n`);
const text = (said) => ({ content: [{ type: 'text', text: said }] });
const never = () => new Promise(() => undefined);
/** Writes the line as fast as it is taken, and answers never. */
const flood = (line) => {
  const more = () => {
    while (process.stdout.write(line.repeat(100)));
    process.stdout.once('drain', more);
  };
  more();
  return never();
};
const die = (code) => {
  process.stderr.write('the server gives up\n');
  process.exit(code);
};

const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } });

const DEEDS = {
  echo: async (input) => text(`echo: ${JSON.stringify(input)}`),
  hang: never,
  die: async () => die(3),
  huge: async () => text(`begin${'x'.repeat(300_000)}end`),
  tooLarge: async () => text('x'.repeat(6 * 1024 * 1024)),
  error: async () => ({ ...text('this did not work'), isError: true }),
  image: async () => ({
    content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }, ...text('a picture').content],
  }),
  environment: async () => text(JSON.stringify(process.env)),
  places: async () => {
    const { roots } = await server.listRoots();
    return text(JSON.stringify({ cwd: process.cwd(), roots }));
  },
  garbage: async () => {
    process.stdout.write('this is no message\n{"neither":"is this"}\n');
    return text('after the garbage');
  },
  flood: () => flood('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}\n'),
  garbageFlood: () => flood('this is no message\n'),
  requestFlood: () => {
    process.stdin.pause();
    return flood('{"jsonrpc":"2.0","id":1,"method":"roots/list"}\n');
  },
  secret: async () => text(`token ghp_${'a1B2'.repeat(9)}`),
  write: async ({ file }) => {
    const { roots } = await server.listRoots();
    fs.writeFileSync(path.join(fileURLToPath(roots[0].uri), file), 'by a server\n');
    return text('written');
  },
  child: async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    return text(String(child.pid));
  },
};

server.setRequestHandler(ListToolsRequestSchema, async () => {
  log('list');
  return { tools: behaviour().tools.map(({ does: _does, ...tool }) => tool) };
});
server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
  log(`call ${params.name}`);
  const { does } = behaviour().tools.find(({ name }) => name === params.name);
  return DEEDS[does](params.arguments ?? {});
});

log(`start ${process.pid}`);
const { start } = behaviour();
if (start === 'die') die(7);
if (start === 'hang') setInterval(() => undefined, 1000);
else await server.connect(new StdioServerTransport());
