/** What a person is asked before a server is started, and before its tools are used. */

import { own } from '../kernel/own';
import { oneLine } from '../kernel/text';
import type { DeclaredServer } from './config';
import type { Pin, Program, ToolChange } from './pins';

export type McpReview =
  /** Whether the program may be started at all; nothing was started yet. */
  | {
      readonly kind: 'start';
      readonly server: DeclaredServer & Program;
      readonly was: Pick<Pin, 'command' | 'envAllow' | 'files'> | null;
    }
  /** Whether its tools may be used as it describes them; it was started for listing them. */
  | {
      readonly kind: 'tools';
      readonly server: DeclaredServer;
      readonly changes: readonly ToolChange[];
      /** Lines about tools that are left out, whatever the answer is. */
      readonly leftOut: readonly string[];
    };

/** `nobody`: there is no one who could be asked. */
export type McpVerdict = 'agreed' | 'declined' | 'nobody';

/** Asks a person; never answers `agreed` by itself. */
export type AskAboutMcp = (review: McpReview) => Promise<McpVerdict>;

/** The question in one line. */
export function reviewTitle(review: McpReview): string {
  const { id } = review.server;
  if (review.kind === 'start') {
    return review.was === null
      ? `Start the MCP server ${id}? Nobody has agreed to its command yet`
      : `Start the MCP server ${id}? Its command has changed since it was agreed to`;
  }
  const { changes } = review;
  const changed = changes.filter(({ was }) => was !== null).length;
  const said = changed === 0 ? '' : `, ${changed} of them changed since`;
  return `Use the tools of the MCP server ${id}? ${counted(changes.length)} not agreed to${said}`;
}

const counted = (n: number): string => `${n} ${n === 1 ? 'tool is' : 'tools are'}`;

/** Everything that is agreed to, word for word, for a person to read; the caller makes control characters visible. */
export function reviewText(review: McpReview): string {
  return (review.kind === 'start' ? startLines(review) : toolLines(review)).join('\n');
}

function startLines({ server, was }: Extract<McpReview, { kind: 'start' }>): string[] {
  const { source, origin, command, envAllow, files = {} } = server;
  const whose = origin === 'user' ? 'your own file' : 'this repository';
  return [
    `declared by ${whose}: ${source}`,
    ...(was === null ? [] : [`command before: ${argvText(was.command)}`]),
    `command${was === null ? '' : ' now'}: ${argvText(command)}`,
    ...(was === null ? [] : [`environment before: ${namesText(was.envAllow)}`]),
    `environment${was === null ? '' : ' now'}: ${namesText(envAllow)}`,
    ...filesLines(files, was),
    'It runs with your rights and is not confined: it can read and change what you can.',
  ];
}

/** Each file that is agreed to with the command, and that it is these alone. */
function filesLines(files: Readonly<Record<string, string>>, was: Pick<Pin, 'files'> | null): string[] {
  const before = was?.files ?? {};
  const gone = Object.keys(before).filter((file) => !Object.hasOwn(files, file));
  const lines = [
    ...Object.entries(files).map(([file, hash]) => {
      const known = own(before, file);
      const state = was === null || known === hash ? '' : known === undefined ? ', new' : ', changed';
      return `file of the repository: ${JSON.stringify(file)} (SHA-256 ${hash.slice(0, 16)}${state})`;
    }),
    ...gone.map((file) => `file of the repository: ${JSON.stringify(file)} (gone)`),
  ];
  return lines.length === 0 ? [] : [...lines, 'What these load from the repository beyond themselves is not compared.'];
}

const argvText = (argv: readonly string[]): string => JSON.stringify(argv);

const namesText = (names: readonly string[]): string =>
  names.length === 0
    ? 'the few variables that every program gets'
    : `those that every program gets, and ${names.join(', ')}`;

function toolLines({ changes, leftOut }: Extract<McpReview, { kind: 'tools' }>): string[] {
  const lines = changes.flatMap(({ now, was }) => {
    if (was === null) {
      return [`${now.name} (new)`, `  description: ${block(now.description)}`, `  input: ${now.inputSchema}`];
    }
    return [
      `${now.name} (changed)`,
      ...pair('description', block(was.description), block(now.description)),
      ...pair('input', was.inputSchema, now.inputSchema),
    ];
  });
  return [...lines, ...leftOut.map((line) => `left out: ${oneLine(line)}`)];
}

const pair = (what: string, was: string, now: string): string[] =>
  was === now ? [`  ${what}: unchanged`] : [`  ${what} before: ${was}`, `  ${what} now: ${now}`];

/** A text of several lines, set off so that none of them can pass for a line of ours. */
const block = (text: string): string => (text === '' ? '(none)' : text.replace(/\r\n?|\n/g, '\n    | '));
