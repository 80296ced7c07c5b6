/** The packages of a monorepo and which of them build on which, as their manifests say. */
import { parse } from 'yaml';
import { matchesAny } from '../../../core/policy/globs';
import type { SurveyTree } from './tree';

export type Package = {
  /** Its folder, empty at the root. */
  readonly root: string;
  readonly name: string;
  /** The folders of the packages of the repository that it builds on. */
  readonly uses: readonly string[];
};

const MANIFEST =
  /(?:^|\/)(?:package\.json|project\.json|Cargo\.toml|go\.mod|pyproject\.toml|setup\.py|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|pubspec\.yaml|mix\.exs|[^/]+\.csproj)$/u;
/** Folders of manifests that are nobody's package. */
const NOT_OURS =
  /(?:^|\/)(?:node_modules|vendor|third_party|fixtures?|__fixtures__|testdata|test-data|templates?|dist|build|target|\.[^/]+)\//u;
const SETTINGS = ['pnpm-workspace.yaml', 'lerna.json', 'package.json'];
const MOST_MANIFESTS = 3000;

/** Every package in the order of their folders; none but the root's where there is no other. */
export async function packagesIn(tree: SurveyTree): Promise<Package[]> {
  const manifests = tree.files.filter((file) => MANIFEST.test(file) && !NOT_OURS.test(file)).slice(0, MOST_MANIFESTS);
  const settings = SETTINGS.filter((file) => tree.files.includes(file));
  const contents = await tree.read([...new Set([...manifests, ...settings])]);
  const members = workspacesOf(contents);
  const found = new Map<string, { name: string; needs: string[]; manifest: string }>();
  for (const file of manifests) {
    const root = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    const isNode = file.endsWith('package.json');
    // What the workspaces do not name is a fixture or an example; the root that names them is none of them.
    if (members !== null && isNode && (root === '' || !matchesAny(members, root))) continue;
    const content = contents.get(file);
    if (content === undefined || (root === '' && isOnlyFrame(file, content))) continue;
    const { name, needs } = manifestOf(file, content, root);
    const before = found.get(root);
    if (before === undefined) found.set(root, { name, needs, manifest: file });
    else before.needs.push(...needs);
  }
  const roots = [...found.keys()].sort();
  const byName = new Map(
    roots.flatMap((root) => [[found.get(root)?.name ?? root, root] as const, [`/${root}`, root] as const]),
  );
  return roots.map((root) => {
    const { name, needs } = found.get(root) ?? { name: root, needs: [] };
    const uses = needs.flatMap((need) => byName.get(need) ?? []).filter((one) => one !== root);
    return { root, name, uses: [...new Set(uses)].sort() };
  });
}

/** The globs of folders that are packages, or null where nothing says so. */
function workspacesOf(contents: ReadonlyMap<string, string>): string[] | null {
  const globs = [
    ...listIn(yamlOf(contents.get('pnpm-workspace.yaml')), 'packages'),
    ...listIn(jsonOf(contents.get('lerna.json')), 'packages'),
    ...workspacesIn(jsonOf(contents.get('package.json'))),
  ].map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, ''));
  return globs.length === 0 ? null : globs.filter((glob) => !glob.startsWith('!'));
}

function workspacesIn(manifest: Record<string, unknown>): string[] {
  const { workspaces } = manifest;
  return Array.isArray(workspaces) ? textsOf(workspaces) : listIn(recordOf(workspaces), 'packages');
}

/** A manifest at the root that only holds others together. */
function isOnlyFrame(file: string, content: string): boolean {
  if (file.endsWith('Cargo.toml')) return !/^\s*\[package\]/m.test(content);
  if (file.endsWith('pom.xml')) return /<modules>/.test(content);
  if (/build\.gradle/.test(file)) return /\b(?:subprojects|allprojects)\b/.test(content);
  return false;
}

function manifestOf(file: string, content: string, root: string): { name: string; needs: string[] } {
  const beside = (way: string): string => `/${joined(root, way)}`;
  const all = (pattern: RegExp): string[] => [...content.matchAll(pattern)].map(([, text = '']) => text);
  const own = (pattern: RegExp): string => pattern.exec(content)?.[1] ?? root;
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (base.endsWith('.json')) {
    const manifest = jsonOf(content);
    const kinds = [
      'dependencies',
      'devDependencies',
      'peerDependencies',
      'optionalDependencies',
      'require',
      'require-dev',
    ];
    const needs = kinds.flatMap((kind) => Object.keys(recordOf(manifest[kind])));
    const implicit = textsOf(Array.isArray(manifest.implicitDependencies) ? manifest.implicitDependencies : []);
    return { name: typeof manifest.name === 'string' ? manifest.name : root, needs: [...needs, ...implicit] };
  }
  if (base === 'Cargo.toml')
    return {
      name: own(/^\s*name\s*=\s*"([^"\n]+)"/m),
      needs: [
        ...all(/\bpath\s*=\s*"([^"\n]+)"/g).map(beside),
        ...all(/^([\w-]+)\s*=/gm),
        ...all(/^([\w-]+)\.workspace\s*=/gm),
      ],
    };
  if (base === 'go.mod')
    return { name: own(/^module\s+(\S+)/m), needs: all(/^\s*(?:require\s+)?([\w.-]+\.[\w./-]+)\s+v/gm) };
  if (base === 'pyproject.toml')
    return {
      name: own(/^\s*name\s*=\s*"([^"\n]+)"/m),
      needs: [...all(/\bpath\s*=\s*"([^"\n]+)"/g).map(beside), ...all(/^\s*"?([A-Za-z][\w.-]*)/gm)],
    };
  if (base === 'pom.xml') {
    const without = content.replace(/<parent>[\s\S]{0,2000}?<\/parent>/, '');
    const [name = root, ...needs] = [...without.matchAll(/<artifactId>([^<\n]+)<\/artifactId>/g)].map(
      ([, id = '']) => id,
    );
    return { name, needs };
  }
  if (base.startsWith('build.gradle'))
    return {
      name: root,
      needs: all(/project\(\s*(?:path\s*[:=]\s*)?['"]:([\w:.-]+)['"]/g).map((id) => `/${id.replaceAll(':', '/')}`),
    };
  if (base.endsWith('.csproj')) {
    const paths = all(/<ProjectReference Include="([^"\n]+)"/g).map((way) => way.replaceAll('\\', '/'));
    return {
      name: base.replace(/\.csproj$/, ''),
      needs: paths.map((way) => beside(way.slice(0, way.lastIndexOf('/')))),
    };
  }
  if (base === 'pubspec.yaml') return { name: own(/^name:\s*(\S+)/m), needs: all(/^\s+path:\s*(\S+)/gm).map(beside) };
  return { name: root, needs: all(/\bpath:\s*"([^"\n]+)"/g).map(beside) };
}

/** A way from a folder, `..` followed; it stays inside of the root. */
function joined(folder: string, way: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of way.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const textsOf = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');
const listIn = (record: Record<string, unknown>, key: string): string[] => {
  const list = record[key];
  return Array.isArray(list) ? textsOf(list) : [];
};

/** Manifests of others may be broken; they then say nothing. */
function jsonOf(content: string | undefined): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(content ?? '{}'));
  } catch {
    return {};
  }
}

function yamlOf(content: string | undefined): Record<string, unknown> {
  try {
    return recordOf(parse(content ?? ''));
  } catch {
    return {};
  }
}
