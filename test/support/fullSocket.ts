/**
 * A port of the loopback address where no connection is ever made: a process that listens and never looks, with its queue
 * of waiting connections full. Linux drops what comes after that, as a firewall would.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** Enough to fill a queue of one, however the system counts. */
const FILLERS = 4;

export type FullSocket = { readonly port: number; close(): Promise<void> };

/** Starts the process and fills its queue. Only for Linux; other systems accept for a process that does not look. */
export async function startFullSocket(): Promise<FullSocket> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  const port = Number(String(said));
  const fillers: Socket[] = [];
  for (let n = 0; n < FILLERS; n += 1) fillers.push(connect(port, '127.0.0.1').on('error', () => {}));
  // The first is accepted by the system; the others may wait for ever, which is what they are for.
  await Promise.race(fillers.map((filler) => once(filler, 'connect')));
  return {
    port,
    async close() {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
