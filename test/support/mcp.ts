/** What tests about MCP servers share: a server's folder, what it is told to do, and what was seen of it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export type TestTool = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  /** One of the deeds of mcpServer.mjs. */
  readonly does: string;
};

export const TEXT_INPUT = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };

/** A tool that says its name in its description. */
export const testTool = (name: string, does = 'echo', more: Partial<TestTool> = {}): TestTool => ({
  name,
  description: `The tool ${name}.`,
  inputSchema: does === 'echo' ? TEXT_INPUT : { type: 'object' },
  does,
  ...more,
});

/** A server that is gone after the test; `command` starts it. */
export function testServer(...tools: TestTool[]) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'oe-mcp-')));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const behave = (behaviour: { start?: 'die' | 'hang'; tools: readonly TestTool[] }): void =>
    fs.writeFileSync(path.join(folder, 'behaviour.json'), JSON.stringify(behaviour));
  behave({ tools });
  const log = path.join(folder, 'log');
  return {
    folder,
    command: [process.execPath, path.join(import.meta.dirname, 'mcpServer.mjs'), folder],
    behave,
    /** What happened to it so far, without the ids of processes. */
    seen: (): string[] => lines(log).map((line) => line.replace(/^start \d+$/, 'start')),
    /** The ids of its processes, in the order of their starts. */
    pids: (): number[] => lines(log).flatMap((line) => (line.startsWith('start ') ? [Number(line.slice(6))] : [])),
  };
}

export type TestServer = ReturnType<typeof testServer>;

const lines = (file: string): string[] =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];

/** The text of a file that declares servers. */
export const mcpYaml = (servers: Readonly<Record<string, object>>): string => JSON.stringify({ version: 1, servers });

/** Whether a process is running; one that has ended and was not yet waited for by its parent is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return !/^State:\s*Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
