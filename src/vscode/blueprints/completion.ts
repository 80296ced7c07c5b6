/** What can be written at a place in a blueprint: keys, fixed values, and the names of what there is. Pure. */
import { type Cursor, cursorAt } from '../yaml/cursor';
import type { JsonSchema } from '../yaml/schemaWalk';
import { hasColon, type Suggestion, suggest } from '../yaml/suggest';
import { type KnownNames, referencesAt } from './references';

/** Suggestions in the order in which they should be shown: what must be there first, whole nodes last. */
export function suggestionsAt(text: string, offset: number, schema: JsonSchema, known: KnownNames): Suggestion[] {
  const plain = suggest(text, offset, schema, (document, path) => referencesAt(document, path, known));
  const cursor = cursorAt(text, offset);
  return cursor?.role === 'key' ? [...plain, ...templates(cursor, hasColon(text, cursor))] : plain;
}

const DETERMINISTIC = [
  '$' + '{1:node_id}:',
  'type: deterministic',
  'action: $' + '{2:run_tests}',
  'on_success: $' + '{3:done}',
  'on_failure: $' + '{0:fail}',
].join('\n  ');
const AGENT = [
  '$' + '{1:node_id}:',
  'type: agent',
  'goal: >-',
  '  $' + '{2:What the agent is to do.}',
  'max_turns: $' + '{3:10}',
  'on_success: $' + '{4:done}',
  'on_failure: $' + '{0:fail}',
].join('\n  ');

/** Whole nodes, where a node can stand. */
function templates({ path, range }: Cursor, colon: boolean): Suggestion[] {
  if (colon || path.length !== 1 || path[0] !== 'nodes') return [];
  const template = (label: string, snippet: string, documentation: string): Suggestion => ({
    ...{ label, kind: 'template', snippet, detail: 'new node', documentation, range },
  });
  return [
    template('deterministic node', DETERMINISTIC, 'A node that performs one fixed action.'),
    template('agent node', AGENT, 'A node in which a model works towards a goal, within fixed limits.'),
  ];
}
