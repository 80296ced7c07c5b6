/** Places in a blueprint that name something: a node, an artifact, a toolset, a model; and what there is to name. Pure. */
import type { Document } from 'yaml';
import { TERMINALS } from '../../core/blueprint/schema';
import type { Path } from '../yaml/schemaWalk';
import type { Reference } from '../yaml/suggest';
import { nodesIn } from './named';

/** What a blueprint can name that does not stand in it. */
export type KnownNames = {
  readonly toolsets: ReadonlyMap<string, { readonly description: string; readonly tools: readonly string[] }>;
  readonly providers: readonly string[];
};

type Kind = 'node' | 'route' | 'artifact' | 'toolset' | 'model';

/** What can be named at a place; null where nothing is named. */
export function referencesAt(document: Document, path: Path, known: KnownNames): Reference[] | null {
  switch (kindAt(path)) {
    case 'node':
      return nodes(document);
    case 'route':
      return [...nodes(document).filter(({ name }) => name !== path[1]), ...ENDS];
    case 'artifact':
      return artifacts(document, path[1]);
    case 'toolset':
      return [...known.toolsets].map(([name, { description, tools }]) => ({
        name,
        detail: 'toolset',
        documentation: `${description}\n\nTools: ${tools.join(', ')}.`,
      }));
    case 'model':
      return known.providers.map((name) => ({ name: `${name}:`, detail: 'model provider', documentation: '' }));
    default:
      return null;
  }
}

function kindAt(path: Path): Kind | null {
  const [top, , member, inner] = path;
  if (path.length === 1) {
    if (top === 'start') return 'node';
    return top === 'toolset' || top === 'model' ? top : null;
  }
  if (top !== 'nodes') return null;
  if (path.length === 3) {
    if (member === 'toolset') return 'toolset';
    return isRoute(member) ? 'route' : null;
  }
  if (path.length !== 4) return null;
  if (isRoute(member) && inner === 'to') return 'route';
  return member === 'inputs' && typeof inner === 'number' ? 'artifact' : null;
}

const isRoute = (member: string | number | undefined): boolean =>
  member === 'on_success' || member === 'on_failure' || member === 'on_exhausted';

const nodes = (document: Document): Reference[] =>
  nodesIn(document).map(({ id, title, does }) => ({
    name: id,
    detail: does === null ? 'node' : `node: ${does}`,
    documentation: title ?? '',
  }));

const MEANING: Readonly<Record<(typeof TERMINALS)[number], string>> = {
  done: 'The run has succeeded.',
  fail: 'The run has failed.',
  pause: 'The run waits until a person resumes or discards it.',
};

const ENDS: readonly Reference[] = TERMINALS.map((name) => ({
  name,
  detail: 'end of the run',
  documentation: MEANING[name],
}));

/** Makers of one artifact that are named. */
const MAKERS = 5;

/** A node can read what others make, and what it made itself the last time it was there. */
function artifacts(document: Document, reader: string | number | undefined): Reference[] {
  const made = new Map<string, { type: string; makers: string[] }>();
  for (const { id, makes } of nodesIn(document)) {
    for (const [name, type] of Object.entries(makes)) {
      const known = made.get(name) ?? { type, makers: [] };
      made.set(name, known);
      known.makers.push(id === reader ? 'this node' : id);
    }
  }
  return [...made].map(([name, { type, makers }]) => {
    const more = makers.length > MAKERS ? ` and ${makers.length - MAKERS} more` : '';
    return {
      name,
      detail: `artifact: ${type}`,
      documentation: `Made by ${makers.slice(0, MAKERS).join(', ')}${more}.`,
    };
  });
}
