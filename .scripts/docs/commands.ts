/** docs/reference/commands.md: every command that package.json declares, and where it is reached. */
import { manifest } from '../../test/support/manifest';
import { code, madeOf, page, table } from './markdown';
import type { Page } from './page';

type Entry = { readonly command: string; readonly when?: string; readonly group?: string };
type Key = { readonly command: string; readonly key: string };

const contributes = manifest.contributes as unknown as {
  readonly commands: readonly { readonly command: string; readonly title: string }[];
  readonly menus: Readonly<Record<string, readonly Entry[]>>;
  readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
  readonly keybindings?: readonly Key[];
  readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
};

/** Conditions of the manifest in words; one that is not here is shown as it is. */
const CONDITIONS: Readonly<Record<string, string>> = {
  'openexec.active': 'while a run is under way',
  'openexec.pending': 'while something waits for you',
  'openexec.denials': 'while denials are marked in files',
  'openexec.runsFiltered': 'while the runs are filtered',
  '!openexec.runsFiltered': 'while the runs are not filtered',
  "openexec.runsGroupedBy == 'blueprint'": 'while the runs are grouped by blueprint',
  "openexec.runsGroupedBy != 'blueprint'": 'while the runs are not grouped by blueprint',
  'openexec.runShown': 'while it shows a run',
  'workspaceFolderCount != 0': 'with a folder open',
};

/** What a row of the Runs view may be, as the view tells VS Code, in words. */
const ROWS: Readonly<Record<string, string>> = {
  'run active': 'a run under way',
  'run watched': 'a run of another window',
  'run halted': 'a paused or interrupted run',
  'run ended': 'an ended run without a result',
  'run ended watched': 'an ended run that is only read here',
  'run ended copy': 'an ended run whose copy is left',
  'run ended result': 'an ended run with a result',
  'run ended applied': 'an ended run that was applied',
  'approval call': 'a waiting call',
  'approval call repeatable': 'a waiting call that may be allowed for the run',
  'approval call editable': 'a waiting call that may be edited',
  'approval node': 'a waiting step',
  'approval node editable': 'a waiting step that may be edited',
  'approval question': 'a question',
  'approval context': 'files that wait to be sent',
};
/** Rows that have a name together. */
const TOGETHER: readonly (readonly [words: string, rows: RegExp])[] = [
  ['any run', /^run/],
  ['anything that waits for you', /^approval/],
  ['any ended run', /^run ended/],
  ['a waiting call', /^approval call/],
  ['a waiting step', /^approval node/],
];

const viewNames = new Map(
  Object.values(contributes.views).flatMap((views) => views.map(({ id, name }) => [id, name] as const)),
);

function rowsFor(condition: string): string {
  const equal = /^viewItem == '(.+)'$/.exec(condition)?.[1];
  const like = /^viewItem =~ \/(.+)\/$/.exec(condition)?.[1];
  let left = Object.keys(ROWS).filter((row) => (like === undefined ? row === equal : new RegExp(like).test(row)));
  const words: string[] = [];
  for (const [name, rows] of TOGETHER) {
    const group = Object.keys(ROWS).filter((row) => rows.test(row));
    if (!group.every((row) => left.includes(row))) continue;
    words.push(name);
    left = left.filter((row) => !group.includes(row));
  }
  words.push(...left.map((row) => ROWS[row] ?? row));
  return words.length === 0 ? code(condition) : words.join(', ');
}

/** One entry of a menu, in words. */
function placeOf(menu: string, { when = '', group = '' }: Entry): string {
  const conditions = when === '' ? [] : when.split(' && ');
  const view = conditions.map((one) => /^view == (\S+)$/.exec(one)?.[1]).find((id) => id !== undefined);
  const rest = conditions.filter((one) => !one.startsWith('view ==') && !one.startsWith('viewItem'));
  const row = conditions.find((one) => one.startsWith('viewItem'));
  const where = `${viewNames.get(view ?? '') ?? view} view`;
  const more = rest.map((one) => CONDITIONS[one] ?? `when ${code(one)}`);
  switch (menu) {
    case 'view/title':
      return [`${where}, ${group.startsWith('navigation') ? 'button' : 'menu'} of its title`, ...more].join(', ');
    case 'view/item/context':
      return [`${where}: ${row === undefined ? 'every row' : rowsFor(row)}`, ...more].join(', ');
    case 'editor/title':
      return [
        when.includes('blueprints')
          ? 'title of an editor with a blueprint of the folder'
          : `title of an editor, ${more.join(', ')}`,
      ].join('');
    default:
      return [`${code(menu)}`, ...more].join(', ');
  }
}

function paletteOf(command: string): string {
  const entry = contributes.menus.commandPalette?.find((one) => one.command === command);
  if (entry?.when === undefined) return 'yes';
  return entry.when === 'false' ? '' : (CONDITIONS[entry.when] ?? code(entry.when));
}

function rowOf({ command, title }: { readonly command: string; readonly title: string }): string[] {
  const places = Object.entries(contributes.menus)
    .filter(([menu]) => menu !== 'commandPalette')
    .flatMap(([menu, entries]) => entries.filter((one) => one.command === command).map((one) => placeOf(menu, one)));
  const empty = contributes.viewsWelcome
    .filter(({ contents }) => contents.includes(`(command:${command})`))
    .map(({ view }) => `${viewNames.get(view) ?? view} view while it is empty`);
  const keys = (contributes.keybindings ?? [])
    .filter((one) => one.command === command)
    .map(({ key }) => `<kbd>${key}</kbd>`);
  return [title, code(command), paletteOf(command), [...new Set([...places, ...empty]), ...keys].join('; ')];
}

/** The reference of the commands. */
export function commandsPage(): Page {
  const keys =
    (contributes.keybindings ?? []).length === 0
      ? ' OpenExec binds no keys of its own; bind the id to one of yours.'
      : '';
  const text = page(
    '# Commands',
    madeOf('package.json and package.nls.json'),
    `What each command does is in the [README](../../README.md#commands); the timeline's own keys are in [timeline.md](../timeline.md), what comes after a run in [results.md](../results.md). In the palette, every title begins with *OpenExec:*.${keys} A command that is neither in the palette nor in a menu is offered where it has something to act on: in a timeline, a notification, an editor.`,
    table(['command', 'id', 'palette', 'menus'], contributes.commands.map(rowOf)),
  );
  return { path: 'docs/reference/commands.md', text };
}
