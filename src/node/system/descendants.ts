/**
 * Ending what a program leaves behind outside of its process group (`setsid`, a daemon). On Linux every process hands
 * its environment on to its children, so all that come from one program are known by a random mark in it.
 *
 * What this cannot catch: a process that was started with another environment (`env -i`) or that overwrites its own, one
 * that another user owns or whose environment the kernel hides (setuid programs), and what a service that was running
 * before did on request (systemd, cron, a container engine, an earlier build daemon). On other systems than Linux only
 * the process group is ended.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const VARIABLE = 'OPENEXEC_PROCESS';
/** How often to look at most; each time all that is found is killed. */
const ROUNDS = 100;
const PAUSE_MS = 5;

export type Mark = {
  /** To be set in the environment of the program. */
  readonly environment: Readonly<Record<string, string>>;
  /** Kills whatever has the mark, until nothing is found twice in a row. Never fails. */
  endAll(): Promise<void>;
};

/** A mark for one program. */
export function createMark(): Mark {
  const id = randomUUID();
  return {
    environment: { [VARIABLE]: id },
    async endAll() {
      if (process.platform !== 'linux') return;
      // A process that starts another one while we look can be missed once, but its child has the mark as well.
      for (let round = 0, clean = 0; round < ROUNDS && clean < 2; round++) {
        const found = await marked(`${VARIABLE}=${id}`);
        for (const pid of found) kill(pid);
        clean = found.length === 0 ? clean + 1 : 0;
        if (clean < 2) await delay(PAUSE_MS);
      }
    },
  };
}

async function marked(entry: string): Promise<number[]> {
  const names = await fs.readdir('/proc').catch(() => []);
  const seen = names.map(async (name) => {
    if (!/^\d+$/.test(name)) return [];
    // What is gone by now or is of another user cannot be read.
    const environment = await fs.readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
    return environment.split('\0').includes(entry) ? [Number(name)] : [];
  });
  return (await Promise.all(seen)).flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
