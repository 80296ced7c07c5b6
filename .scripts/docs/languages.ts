/** docs/reference/{blueprints,policies,toolsets}.md: the files that people write, and those that come with OpenExec. */
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { blueprintJsonSchema } from '../../src/core/blueprint/jsonSchema';
import { blueprintSchema } from '../../src/core/blueprint/schema';
import { policyJsonSchema, toolsetJsonSchema } from '../../src/core/policy/jsonSchema';
import { policySchema, toolsetSchema } from '../../src/core/policy/schema';
import { fieldRows, type Schema } from './fields';
import { code, madeOf, page, table } from './markdown';
import type { Page } from './page';

const HEAD = ['field', 'type', 'default', 'what'];

/** The files of a shipped folder, by name, each as its schema reads it. */
function shipped<T>(root: string, folder: string, schema: { parse: (value: unknown) => T }): T[] {
  const files = fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return files.map((name) => schema.parse(parse(fs.readFileSync(path.join(root, folder, name), 'utf8'))));
}

/** The reference of the blueprint language. */
export function blueprintsPage(root: string): Page {
  const schema = blueprintJsonSchema() as Schema;
  const nodes = schema.properties?.nodes?.additionalProperties;
  const kinds = typeof nodes === 'object' ? (nodes.oneOf ?? []) : [];
  const all = shipped(root, 'blueprints', blueprintSchema);
  const text = page(
    '# Blueprints: fields',
    madeOf('the schema of blueprints and blueprints/'),
    'How to write one, with an example: [blueprints.md](../blueprints.md). An *id* is small letters, digits and `_`, at most 63, and begins with a letter. `a.b` is the member `b` of `a`; `*` stands for any name.',
    '## The file',
    table(
      HEAD,
      fieldRows(schema, (at) => at === 'nodes').map(([field = '', type = '', ...rest]) => [
        field,
        field === '`nodes`' ? 'map of id to node, below' : type,
        ...rest,
      ]),
    ),
    ...kinds.map(kindOf),
    '## Shipped blueprints',
    table(
      ['id', 'title', 'toolset', 'what it is for'],
      all.map(({ id, title, toolset, description }) => [
        code(id),
        title,
        `[${code(toolset)}](toolsets.md#${toolset})`,
        description,
      ]),
    ),
  );
  return { path: 'docs/reference/blueprints.md', text };
}

/** The fields of a node of one type, and what each of its actions does. */
function kindOf(node: Schema): string {
  const { type, action } = node.properties ?? {};
  const actions = (action?.enum ?? []).map((name, n) => [code(String(name)), action?.enumDescriptions?.[n] ?? '']);
  const rows = fieldRows({
    ...node,
    properties: {
      ...node.properties,
      ...(action && { action: { type: 'action, below', description: action.description ?? '' } }),
    },
  });
  return page(
    `## A node of type ${String(type?.const)}`,
    table(HEAD, rows),
    actions.length === 0 ? '' : `### Actions\n\n${table(['action', 'what it does'], actions)}`,
  ).trimEnd();
}

/** The reference of the policy language. */
export function policiesPage(root: string): Page {
  const sections = shipped(root, 'policies', policySchema).map((policy) => {
    const base =
      policy.extends === undefined ? '' : `Its rules come with those of [${code(policy.extends)}](#${policy.extends}).`;
    const rules = policy.rules.map(({ id, effect, capabilities, reason }) => [
      code(id),
      effect,
      capabilities.map(code).join(', '),
      reason,
    ]);
    return page(
      `### ${policy.id}`,
      policy.description,
      base,
      table(['rule', 'effect', 'capabilities', 'reason'], rules),
    ).trimEnd();
  });
  const text = page(
    '# Policies: fields',
    madeOf('the schema of policies and policies/'),
    'How rules are read and how policies combine: [policy.md](../policy.md). An *id* is small letters, digits, `_` and `-`, and begins with a letter. `a[].b` is the member `b` of each object in the list `a`.',
    '## The file',
    table(HEAD, fieldRows(policyJsonSchema() as Schema)),
    '## Shipped policies',
    'Paths, commands and hosts of a rule are in its file under `policies/`.',
    ...sections,
  );
  return { path: 'docs/reference/policies.md', text };
}

/** The reference of toolsets. */
export function toolsetsPage(root: string): Page {
  const sections = shipped(root, 'policies/toolsets', toolsetSchema).map(
    ({ id, description, tools }) => `### ${id}\n\n${description.trim()}\n\n${tools.map(code).join(', ')}`,
  );
  const text = page(
    '# Toolsets: fields',
    madeOf('the schema of toolsets and policies/toolsets/'),
    'What a toolset is beside a policy: [policy.md](../policy.md). An *id* is small letters, digits, `_` and `-`, and begins with a letter.',
    '## The file',
    table(HEAD, fieldRows(toolsetJsonSchema() as Schema)),
    '## Shipped toolsets',
    ...sections,
  );
  return { path: 'docs/reference/toolsets.md', text };
}
