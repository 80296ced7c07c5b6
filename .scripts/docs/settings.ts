/** docs/reference/settings.md: every setting that package.json declares. */
import { manifest } from '../../test/support/manifest';
import { fieldRows, type Schema, typeOf } from './fields';
import { code, madeOf, page, table } from './markdown';
import type { Page } from './page';

type Setting = Schema & { readonly scope?: string };

const SCOPES: Readonly<Record<string, string>> = {
  machine: "user settings only, never a folder's",
  'machine-overridable': 'user settings, or a folder that is trusted',
  window: 'user settings or a folder',
};

const settings = Object.entries(
  manifest.contributes.configuration.properties as unknown as Readonly<Record<string, Setting>>,
);
const restricted: readonly string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
const anchorOf = (name: string): string => name.toLowerCase().replace(/[^\w-]/g, '');
const linkTo = (name: string): string => `[${code(name)}](#${anchorOf(name)})`;

/** VS Code makes a link of `#openexec.model#`; here it is one to the section. */
const linked = (text: string): string => text.replace(/`#(openexec\.[\w.]+)#`/g, (_, name: string) => linkTo(name));
const scopeOf = (name: string, { scope = 'window' }: Setting): string =>
  restricted.includes(name) && scope === 'window'
    ? 'user settings, or a folder that is trusted'
    : (SCOPES[scope] ?? scope);

/** The members of a setting that is an object, and of what they are members; null for all others. */
function membersOf(setting: Setting): { readonly of: string; readonly schema: Schema } | null {
  if (typeof setting.additionalProperties === 'object')
    return { of: 'member of each', schema: setting.additionalProperties };
  const [first, ...rest] = Object.values(setting.properties ?? {});
  if (first === undefined) return null;
  const alike = rest.length > 0 && rest.every((other) => JSON.stringify(other) === JSON.stringify(first));
  if (!alike || first.properties === undefined) return { of: 'member', schema: setting };
  return {
    of: `member of ${Object.keys(setting.properties ?? {})
      .map(code)
      .join(', ')}`,
    schema: first,
  };
}

function sectionOf([name, setting]: [string, Setting]): string {
  const members = membersOf(setting);
  const rows = members === null ? [] : fieldRows(members.schema).map((row) => row.map(linked));
  const shown = rows.some(([, , , what]) => what !== '') ? 4 : 3;
  const cut = (row: readonly string[]): string[] => row.slice(0, shown);
  return page(
    `## ${name}`,
    linked(setting.markdownDescription ?? ''),
    members === null ? '' : table(cut([members.of, 'type', '', 'what']), rows.map(cut)),
  );
}

/** The reference of the settings. */
export function settingsPage(): Page {
  const rows = settings.map(([name, setting]) => [
    linkTo(name),
    typeOf(setting),
    code(JSON.stringify(setting.default)),
    scopeOf(name, setting),
  ]);
  const text = page(
    '# Settings',
    madeOf('package.json and package.nls.json'),
    'What VS Code reads of OpenExec. Models are explained in [models.md](../models.md), policies in [policy.md](../policy.md), the local model in [gatekeeper.md](../gatekeeper.md), traces in [traces.md](../traces.md). The command line does not read them; [cli.md](../cli.md) has its flags.',
    table(['setting', 'type', 'default', 'where it may be set'], rows),
    settings.map(sectionOf).join('\n').trimEnd(),
  );
  return { path: 'docs/reference/settings.md', text };
}
