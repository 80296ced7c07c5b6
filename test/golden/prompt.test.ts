/**
 * What the models of the shipped blueprints are told, word for word: the first messages of every agent node, and the tools of
 * every toolset that one of them has. A change of these texts is seen here; one that an old run would have to repeat is a
 * change of PROMPT_VERSION.
 *
 * The texts are written anew, after a change that was meant, by `npx vitest run --config test/vitest.config.ts -u` and
 * the name of this file.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type AgentNode, type Blueprint, blueprintSchema } from '../../src/core/blueprint/schema';
import { textOf } from '../../src/core/events/payload';
import { parseYaml } from '../../src/core/kernel/yaml';
import { type Toolset, toolsetSchema } from '../../src/core/policy/schema';
import { editedNote, emptyMessage, reaskMessage, shortenedNote } from '../../src/core/prompt/notes';
import { openingMessages } from '../../src/core/prompt/opening';
import {
  answerText,
  BROKE_OFF_TEXT,
  changedText,
  deniedText,
  malformedText,
  PLACEHOLDER_TEXT,
  rejectedText,
  tooManyText,
  unansweredText,
} from '../../src/core/prompt/outcomes';
import { toolDefinitions } from '../../src/core/prompt/tools';
import { PROMPT_VERSION } from '../../src/core/prompt/version';
import { canWrite } from '../../src/core/run/results';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');

function read<T>(folder: string, schema: z.ZodType<T>): T[] {
  const names = fs.readdirSync(path.join(REPOSITORY, folder)).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => {
    const parsed = parseYaml(fs.readFileSync(path.join(REPOSITORY, folder, name), 'utf8'), schema);
    if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.error)}`);
    return parsed.value.value;
  });
}

const toolsets = new Map(read('policies/toolsets', toolsetSchema).map((toolset) => [toolset.id, toolset]));
const blueprints = read('blueprints', blueprintSchema);

const agentsOf = ({ nodes }: Blueprint): [id: string, node: AgentNode][] =>
  Object.entries(nodes).flatMap(([id, node]): [string, AgentNode][] => (node.type === 'agent' ? [[id, node]] : []));

function toolsetOf(blueprint: Blueprint, node: AgentNode): Toolset {
  const toolset = toolsets.get(node.toolset ?? blueprint.toolset);
  if (toolset === undefined) throw new Error(`${blueprint.id} names a toolset that does not ship`);
  return toolset;
}

/** Everything that the node is given stands in for itself. */
function told(blueprint: Blueprint, id: string, node: AgentNode): string {
  const toolset = toolsetOf(blueprint, node);
  const artifacts = Object.fromEntries(node.inputs.map((input) => [input, `(the ${input} of the run)`]));
  const about = { canWrite: canWrite(toolset, PROMPT_VERSION), prompt: PROMPT_VERSION };
  const messages = openingMessages(node, '(the task of the run)', artifacts, about);
  const texts = messages.map(({ role, content }) => `--- ${role}\n${textOf(content)}\n`);
  return `=== ${id}, with the tools of ${toolset.id}\n${texts.join('')}`;
}

describe(`the prompt, version ${PROMPT_VERSION}`, () => {
  it.each(blueprints.map((blueprint) => [blueprint.id, blueprint] as const))(
    'of every agent of %s is word for word this',
    async (id, blueprint) => {
      const texts = agentsOf(blueprint).map(([node, agent]) => told(blueprint, node, agent));
      expect(texts).not.toEqual([]);
      await expect(texts.join('\n')).toMatchFileSnapshot(`./prompt/${id}.txt`);
    },
  );

  it('says in between, and of calls that were not made, word for word this', async () => {
    const said = [
      reaskMessage('the report is too short'),
      emptyMessage(null),
      emptyMessage('the report is too short'),
      editedNote('{"path":"b"}'),
      shortenedNote(800),
      deniedText({ rule: 'no-secrets', reason: 'secrets stay here' }, false),
      deniedText({ rule: 'one-plain-command', reason: 'it has a pipe' }, true),
      malformedText('read_file', { line: 1, column: 9, what: 'a value is missing' }),
      PLACEHOLDER_TEXT,
      changedText('work.1.1.1.e1'),
      rejectedText(''),
      rejectedText('not now'),
      unansweredText(''),
      answerText(''),
      tooManyText(32),
      BROKE_OFF_TEXT,
    ];
    await expect(`${said.join('\n')}\n`).toMatchFileSnapshot('./prompt/between.txt');
  });

  const used = [...new Set(blueprints.flatMap((it) => agentsOf(it).map(([, node]) => toolsetOf(it, node))))];

  it.each(used.map((toolset) => [toolset.id, toolset] as const))(
    'describes the tools of %s, as their contracts do, word for word so',
    async (id, toolset) => {
      const tools = toolDefinitions(toolset, { snapshot: { toolset }, prompt: PROMPT_VERSION });
      await expect(`${JSON.stringify(tools, null, 2)}\n`).toMatchFileSnapshot(`./prompt/tools/${id}.txt`);
    },
  );
});
