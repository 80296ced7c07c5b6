/**
 * The transport to an MCP server that is a program of ours: started without a shell, in a process group of its own, with
 * a minimal environment, and ended with everything it started. (The SDK's own takes over more of our environment than
 * that, and ends only the one process.)
 *
 * Invariants: a line that is no message is passed over and remembered for people; a message that is too large ends the
 * server, and so do too many messages that nobody asked for, lines that are none, or bytes between two requests of ours;
 * nothing more is read from a server that does not read what it is sent; after `close` nothing of it is left running, see descendants.ts for what that cannot catch.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import spawn from 'cross-spawn';
import { messageOf } from '../../core/kernel/errors';
import { oneLine } from '../../core/kernel/text';
import { createMark, type Mark } from '../system/descendants';
import { BoundedOutput } from '../system/output';
import { killGroup } from '../system/process';

/** Bytes of one message above which the server is ended. */
export const MESSAGE_LIMIT = 4 * 1024 * 1024;
/** What a server may send between two requests of ours. */
const BYTES_LIMIT = 4 * MESSAGE_LIMIT;
const UNREQUESTED_LIMIT = 2000;
const GARBAGE_LIMIT = 1000;
const ERROR_OUTPUT_LIMIT = 4096;
/** How long a server may take to end once its input is closed, and again after SIGTERM. */
const GRACE_MS = 500;

/** The SDK's own reader of messages, handed in because the SDK is loaded only when it is needed. */
export type MessageReader = {
  append(chunk: Buffer): void;
  /** Null when there is no whole line; throws for a line that is no message, and goes on after it. */
  readMessage(): JSONRPCMessage | null;
};

export type ServerProgram = {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
};

export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #server: ServerProgram;
  readonly #reader: MessageReader;
  readonly #mark: Mark = createMark();
  readonly #errors = new BoundedOutput(ERROR_OUTPUT_LIMIT);
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  /** Why it can be spoken with no more, in words; empty when that was our own doing. */
  #end: string | null = null;
  #garbage: string | null = null;
  /** The ids of our requests that wait for their answers. */
  readonly #waiting = new Set<string | number>();
  #since = { bytes: 0, unrequested: 0, garbage: 0 };

  constructor(server: ServerProgram, reader: MessageReader) {
    this.#server = server;
    this.#reader = reader;
  }

  /** Whether the server can still be spoken with. */
  get open(): boolean {
    return this.#child !== null && this.#end === null;
  }

  /** What is known about why the server does not answer, in a line; empty when nothing is. */
  get trouble(): string {
    const said = this.#errors.text().trim().split('\n').at(-1) ?? '';
    return [
      this.#end ?? '',
      this.#garbage === null ? '' : `it printed what is no message: ${oneLine(this.#garbage, 80)}`,
      said === '' ? '' : `its last error output: ${oneLine(said, 200)}`,
    ]
      .filter((part) => part !== '')
      .join('; ');
  }

  async start(): Promise<void> {
    const { program, args, cwd, env } = this.#server;
    const child = spawn(program, [...args], {
      cwd,
      env: { ...env, ...this.#mark.environment },
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#errors.add(chunk));
    // A server that is gone closes its input; that it ended is what counts.
    child.stdin?.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#end ??= `it could not be started: ${messageOf(error)}`;
        resolve();
        this.onclose?.();
      });
      child.once('exit', (code, signal) => {
        this.#end ??= signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
        killGroup(child, 'SIGKILL', env);
        void this.#mark.endAll().then(() => {
          child.stdout?.destroy();
          child.stderr?.destroy();
          resolve();
          this.onclose?.();
        });
      });
    });
    await Promise.race([once(child, 'spawn'), this.#ended]);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.open) throw new Error('it is not running');
    if ('method' in message && 'id' in message) {
      this.#waiting.add(message.id);
      this.#since = { bytes: 0, unrequested: 0, garbage: 0 };
    }
    const { stdin, stdout } = this.#child ?? {};
    if (!stdin || stdin.write(`${JSON.stringify(message)}\n`)) return;
    // A server that asks without ever reading the answers would have us keep them all.
    if (stdout?.isPaused() !== false) return;
    stdout.pause();
    stdin.once('drain', () => stdout.resume());
  }

  /** Resolves when the server and what it started are gone. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#end ??= '';
    child.stdin?.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.#endsWithin(GRACE_MS)) return;
      killGroup(child, signal, this.#server.env);
    }
    await this.#ended;
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const late = new AbortController();
    const timer = delay(ms, false, { signal: late.signal }).catch(() => false);
    const ended = await Promise.race([this.#ended.then(() => true), timer]);
    late.abort();
    return ended;
  }

  #take(chunk: Buffer): void {
    if (!this.open) return;
    this.#since.bytes += chunk.length;
    if (this.#since.bytes > BYTES_LIMIT) {
      this.#endBecause(`it sent more than ${inMiB(BYTES_LIMIT)} without being asked again`);
      return;
    }
    try {
      this.#reader.append(chunk);
    } catch {
      this.#endBecause(`it sent a message of more than ${inMiB(MESSAGE_LIMIT)}`);
      return;
    }
    while (this.open) {
      try {
        const message = this.#reader.readMessage();
        if (message === null) return;
        this.#count(message);
        if (this.open) this.onmessage?.(message);
      } catch (error) {
        this.#garbage ??= messageOf(error);
        this.#since.garbage += 1;
        if (this.#since.garbage > GARBAGE_LIMIT) this.#endBecause('it printed too many lines that are no message');
        this.onerror?.(error instanceof Error ? error : new Error(messageOf(error)));
      }
    }
  }

  #count(message: JSONRPCMessage): void {
    const answers = !('method' in message) && message.id !== undefined && this.#waiting.delete(message.id);
    if (!answers) this.#since.unrequested += 1;
    if (this.#since.unrequested > UNREQUESTED_LIMIT)
      this.#endBecause('it sent too many messages that nobody asked for');
  }

  #endBecause(why: string): void {
    this.#end = why;
    if (this.#child) killGroup(this.#child, 'SIGKILL', this.#server.env);
  }
}

const inMiB = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
