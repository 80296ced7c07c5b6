/** Places in a policy or a toolset that name something: a tool, a shipped policy; and what there is to name. Pure. */

import type { Policy } from '../../core/policy/schema';
import { TOOLS } from '../../core/tools/contracts';
import type { Reference, ReferencesAt } from '../yaml/suggest';

/** The shipped policies by id. */
type Policies = ReadonlyMap<string, Policy>;

export const policyReferences =
  (policies: Policies): ReferencesAt =>
  (_document, path) => {
    const [top, , member] = path;
    if (path.length === 1 && top === 'extends') return policiesOf(policies);
    // `rules: [{ tools: [NAME] }]`, and the tool of an example.
    if (top !== 'rules') return null;
    if (path.length === 4 && member === 'tools') return tools();
    return path.length === 5 && member === 'examples' && path[4] === 'tool' ? tools() : null;
  };

export const toolsetReferences: ReferencesAt = (_document, path) =>
  path.length === 2 && path[0] === 'tools' ? tools() : null;

const policiesOf = (policies: Policies): Reference[] =>
  [...policies].map(([name, { description, rules }]) => ({
    name,
    detail: `shipped policy, ${rules.length} rules`,
    documentation: description,
  }));

/** `mcp` is none that a file could name: each tool of a server has a name of its own. */
const tools = (): Reference[] =>
  Object.values(TOOLS)
    .filter(({ name }) => name !== 'mcp')
    .map(({ name, capability, description }) => ({ name, detail: capability, documentation: description }));
