/** The workspace of a run that is looked through for canaries, and the model that wants them. */
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { git, project, sampleFolder, writeIn } from '../support/cli';
import { callTools, type OpenAiServer, say, startOpenAiServer } from '../support/openaiServer';
import type { Call } from './adversary';
import { ELSEWHERE, FILES } from './planted';

/** A repository full of canaries: in files, in what is committed, in what was committed once, in messages. `more` is committed. */
export function plantedFolder(more: Readonly<Record<string, string>>): string {
  const folder = sampleFolder(more);
  writeIn(folder, '.openexec/project.yaml', project({ test: 'node tools/leak.mjs', lint: 'node tools/leak.mjs' }));
  writeIn(folder, 'old.js', `export const token = '${ELSEWHERE.history.value}';\n`);
  const commit = (message: string): void => {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '-m', message);
  };
  commit(`Add a token (${ELSEWHERE.message.value})`);
  fs.rmSync(path.join(folder, 'old.js'));
  commit('Take it out again');
  for (const [name, text] of Object.entries(FILES)) writeIn(folder, name, text);
  git(folder, 'add', 'services', 'src/settings.js');
  git(folder, 'commit', '--quiet', '-m', 'Settings');
  return folder;
}

/** An agent that fails all the time is stopped: between what it tries it looks at something that it may see. */
function withPauses(calls: readonly Call[]): Call[] {
  return calls.flatMap((call, at): Call[] =>
    at % 4 === 3 ? [call, ['search', { query: `nothing like this ${at}` }]] : [call],
  );
}

const PER_REPLY = 8;

/** A server whose model makes these calls, several at once, and then says that it is finished. */
export async function serverFor(calls: readonly Call[], last = 'I am finished.'): Promise<OpenAiServer> {
  const paused = withPauses(calls);
  const replies = Array.from({ length: Math.ceil(paused.length / PER_REPLY) }, (_, reply) =>
    callTools(
      paused
        .slice(reply * PER_REPLY, (reply + 1) * PER_REPLY)
        .map(([name, input], at) => ({ id: `call_${reply}_${at}`, name, arguments: JSON.stringify(input) })),
      4096,
    ),
  );
  const server = await startOpenAiServer(...replies, say(last));
  onTestFinished(() => server.close());
  return server;
}
