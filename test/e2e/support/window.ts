/** A VS Code window on a folder, with the packed extension in it, and what a person does there. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from 'vitest';
import {
  type Browser,
  bridge,
  type FrameLocator,
  type Host,
  type HostOptions,
  type Locator,
  launch,
  newPage,
  type Page,
  shot,
  startHost,
  vsixPath,
  Workbench,
} from '../../host/lib.mjs';
import { makeSampleWorkspace, removeSampleWorkspace } from '../../support/sample-workspace.mjs';

/** How long a person's next step may take on a slow machine. Conditions are waited for, never this time. */
export const PATIENCE = { timeout: 60_000, interval: 150 };

/** What the API of the extension lists of a run, as far as tests look at it. */
export type SeenRun = {
  readonly runId: string;
  readonly status: string;
  readonly events: number;
  readonly branch: string | null;
  readonly readOnly: boolean;
};

export type Window = { readonly page: Page; readonly wb: Workbench; readonly complaints: string[] };

const pages = new Set<Page>();

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = task.name.replace(/\W+/g, '-').slice(0, 50);
  for (const [at, page] of [...pages].entries()) if (!page.isClosed()) await shot(page, `failed-${name}-${at}`);
});

/** One server and one browser, for the tests of a file. */
export class Stage {
  readonly host: Host;
  readonly browser: Browser;
  readonly #folders: string[] = [];

  private constructor(host: Host, browser: Browser) {
    this.host = host;
    this.browser = browser;
  }

  static async open(options: HostOptions = {}): Promise<Stage> {
    const host = await startHost({ ...options, install: [vsixPath], unpacked: [bridge] });
    return new Stage(host, await launch());
  }

  /** A fresh copy of the sample project. */
  sample(options?: { git?: boolean; commit?: boolean }): string {
    const folder = makeSampleWorkspace(options);
    this.#folders.push(folder);
    return folder;
  }

  /** A window in a browser context of its own; `complaints` gathers broken rules of the page and requests that leave the machine. */
  async window(folder?: string): Promise<Window> {
    const complaints: string[] = [];
    const page = await newPage(this.browser, {
      onConsole: (type, text) => {
        if (/Content Security Policy/i.test(text)) complaints.push(`${type}: ${text}`);
      },
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      // A webview's own files have such a name; its service worker answers them without any network.
      const own = hostname === '127.0.0.1' || hostname.endsWith('.vscode-resource.vscode-cdn.net');
      if (protocol.startsWith('http') && !own) complaints.push(`request to ${request.url()}`);
    });
    pages.add(page);
    const wb = new Workbench(page);
    await wb.open(this.host.url(folder === undefined ? {} : { folder }));
    return { page, wb, complaints };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.host.stop();
    for (const folder of this.#folders) removeSampleWorkspace(folder);
  }

  /** What the newest window's extension lists. */
  runs(window?: number): Promise<SeenRun[]> {
    const code = `return vscode.extensions.getExtension('openexec.openexec').activate().then((api) => api.runs())`;
    return this.host.inHost<SeenRun[]>(code, null, window === undefined ? {} : { window });
  }

  /** The stores of all windows so far. */
  stores(): string[] {
    const all = path.join(this.host.userDataDir, 'User/workspaceStorage');
    return readdirSync(all)
      .map((name) => path.join(all, name, 'openexec.openexec/store'))
      .filter((store) => existsSync(store));
  }

  /** The folder of a run's record. */
  runFolder(runId: string): string {
    const found = this.stores()
      .map((store) => path.join(store, 'runs', runId))
      .find((folder) => existsSync(folder));
    if (found === undefined) throw new Error(`no store has the run ${runId}`);
    return found;
  }

  /** The lines of a journal, also of one that is being written and ends in space. */
  journal(runId: string): string[] {
    const [text = ''] = readFileSync(path.join(this.runFolder(runId), 'journal.jsonl'), 'utf8').split('\0');
    return text.trimEnd().split('\n');
  }
}

/** Starts a run through the palette, with the answers that are filled in, or with another task and blueprint (its title). */
export async function startRun(window: Window, task?: string, blueprint?: string): Promise<void> {
  await askForRun(window, task, blueprint);
  await startRow(window).waitFor();
  await window.page.keyboard.press('Enter');
}

/** The same up to what is prepared before the last question, which is not asked when something stands against the run. */
export async function askForRun(window: Window, task?: string, blueprint?: string): Promise<void> {
  const { wb, page } = window;
  await wb.command('OpenExec: Start Blueprint Run');
  await wb.quickInput.getByText('(1/2)').waitFor();
  if (task !== undefined) await wb.quickInput.getByRole('textbox').fill(task);
  await page.keyboard.press('Enter');
  if (blueprint === undefined) return;
  await chooseBlueprint(window);
  await wb.quickInput.getByRole('textbox').fill(blueprint);
  await wb.quickPickRow(blueprint).waitFor();
  await page.keyboard.press('Enter');
  await wb.quickPickRow(`Blueprint: ${blueprint}`).waitFor();
}

/** Goes from the page before the start to the list of blueprints. */
export async function chooseBlueprint({ wb }: Window): Promise<void> {
  await wb.quickPickRow(/^\s*Blueprint: /).click();
  await wb.quickInput.getByPlaceholder('Which blueprint?').waitFor();
}

/** What the last question offers first. */
export const startRow = ({ wb }: Window): Locator => wb.quickPickRow(/^\s*(Start|Confirm the Commands and Start)/);

/** Scrolls the open list down to a row: it draws only those in sight. The row that Enter chooses stays the same. */
export async function scrollToRow({ wb, page }: Window, text: string | RegExp): Promise<void> {
  const row = wb.quickPickRow(text).first();
  await wb.quickInput.locator('.monaco-list').first().hover();
  await expect
    .poll(async () => {
      const there = await row.count();
      if (there === 0) await page.mouse.wheel(0, 100);
      return there;
    }, PATIENCE)
    .toBe(1);
}

/** The rows of runs in the Runs tree: below their groups, and above what they wait for. */
export const runRows = ({ wb }: Window): Locator =>
  wb.page.locator('.part.sidebar').locator('[role="treeitem"][aria-level="2"]');

/** The row of a run of the sample's task, in a state. */
export const runRow = ({ wb }: Window, word: string | RegExp): Locator =>
  wb.treeItem(/Invoices with a discount/).filter({ hasText: word });

/** The texts of a row's decorations, which are drawn by the style sheet alone. */
export const badgesOf = (row: Locator): Promise<string> =>
  row.evaluate((element) =>
    [...element.querySelectorAll('*')]
      .map((part) => getComputedStyle(part, '::after').content)
      .filter((content) => content !== 'none')
      .join(),
  );

/** Brings the Runs view to the front. */
export async function showRuns({ wb }: Window): Promise<void> {
  const tab = wb.activity('OpenExec');
  await expect
    .poll(async () => {
      // A second click would hide the view again.
      if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
      return tab.getAttribute('aria-selected');
    }, PATIENCE)
    .toBe('true');
}

/** Names a file in VS Code's own file dialog, which may put a folder of its own there first, and takes an Enter only when it has looked. */
export async function answerFileDialog({ wb, page }: Window, title: string, file: string): Promise<void> {
  const input = wb.quickInput.getByRole('textbox');
  await wb.quickInput.getByText(title).waitFor();
  await expect
    .poll(async () => {
      const open = await wb.quickInput.count();
      if (open === 0) return 0;
      const named = (await input.inputValue({ timeout: 1000 }).catch(() => file)) === file; // it may just have gone
      await (named ? page.keyboard.press('Enter') : input.fill(file));
      return open;
    }, PATIENCE)
    .toBe(0);
}

/** Right-clicks a row until its menu shows an entry: a tree that is drawn anew at that moment swallows the click. */
export async function openMenu({ wb, page }: Window, row: Locator, entry: string): Promise<Locator> {
  const item = wb.menuItem(entry);
  for (let attempt = 0; ; attempt++) {
    await row.click({ button: 'right' });
    try {
      await item.waitFor({ timeout: 5000 });
      return item;
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Right-clicks a row and chooses an entry; the menu ignores a click that comes right after it opened, which is then repeated. */
export async function chooseInMenu(window: Window, row: Locator, entry: string): Promise<void> {
  const { page } = window;
  const item = await openMenu(window, row, entry);
  await expect
    .poll(async () => {
      if ((await item.count()) > 0) await item.click({ timeout: 1000 }).catch(() => undefined);
      return page.getByRole('menu').filter({ has: item }).count();
    }, PATIENCE)
    .toBe(0);
}

/** Presses a button of a notification. */
export async function pressOnToast({ wb }: Window, toast: string | RegExp, button: string): Promise<void> {
  await wb.toast(toast).getByRole('button', { name: button }).click();
}

/** Waits until a person was told something: on a slow machine its toast may have come and gone, and the list of all has it. */
export async function notified({ host }: Stage, { wb, page }: Window, text: string): Promise<void> {
  const listed = page.locator('.notifications-center .notification-list-item').filter({ hasText: text });
  await expect
    .poll(async () => {
      if ((await wb.toast(text).count()) + (await listed.count()) > 0) return true;
      await host.inHost(`await vscode.commands.executeCommand('notifications.showList')`);
      return (await listed.count()) > 0;
    }, PATIENCE)
    .toBe(true);
  await host.inHost(`await vscode.commands.executeCommand('notifications.hideList')`);
}

/** Takes all notifications away: the next one is then sure to be shown, for VS Code drops toasts that come too fast. */
export async function clearNotifications({ wb }: Window): Promise<void> {
  await wb.command('Notifications: Clear All Notifications');
}

/** The timeline that covers the editor area, once it shows a run. */
export async function timeline({ wb }: Window): Promise<FrameLocator> {
  const view = await wb.editorWebview();
  await view.locator('main.timeline').waitFor();
  return view;
}

/** Answers the approval that a run waits for, in its timeline. */
export async function answerInTimeline(view: FrameLocator, answer: 'Approve' | 'Reject', reason = ''): Promise<void> {
  const card = view.getByRole('region', { name: 'Approval needed' });
  if (reason !== '') await card.getByRole('textbox').fill(reason);
  await card.getByRole('button', { name: answer }).click();
}

const strip = (view: FrameLocator) => view.getByRole('slider', { name: 'Position in the run' });

/** How many events the timeline knows of. */
export async function eventsShown(view: FrameLocator): Promise<number> {
  return Number(await strip(view).getAttribute('aria-valuemax')) + 1;
}

/** The event that is selected in the timeline, as text. */
export async function positionIn(view: FrameLocator): Promise<string> {
  return (await strip(view).getAttribute('aria-valuenow')) ?? '';
}

/** The row of an event by its title. The list draws what is in sight, and is scrolled through until the row is there. */
export async function eventRow(view: FrameLocator, title: string | RegExp): Promise<Locator> {
  const list = view.getByRole('tree', { name: 'Events of the run' });
  const row = view.locator('.event-slot .event-title').filter({ hasText: title });
  const found = async (): Promise<boolean> => {
    if ((await row.count()) > 0) return true;
    await list.evaluate((element) => {
      const { scrollTop, clientHeight, scrollHeight } = element;
      element.scrollTop = scrollTop + clientHeight >= scrollHeight - 1 ? 0 : scrollTop + clientHeight * 0.7;
    });
    return false;
  };
  await expect.poll(found, PATIENCE).toBe(true);
  return row.first();
}

/** The titles of all events of the timeline, in order. */
export async function eventTitles(view: FrameLocator): Promise<string[]> {
  const list = view.getByRole('tree', { name: 'Events of the run' });
  const all = await eventsShown(view);
  const titles = new Map<number, string>();
  await list.evaluate((element) => {
    element.scrollTop = 0;
  });
  const gather = async (): Promise<number> => {
    const rows = await list.evaluate((element) => {
      const drawn = [...element.querySelectorAll('.event-slot .event')];
      element.scrollTop += element.clientHeight * 0.7;
      return drawn.map((row) => [row.id, row.querySelector('.event-title')?.textContent ?? ''] as const);
    });
    for (const [id, title] of rows) titles.set(Number(id.replace('event-', '')), title);
    return titles.size;
  };
  await expect.poll(gather, PATIENCE).toBe(all);
  return [...titles].sort(([one], [other]) => one - other).map(([, title]) => title);
}

/** Whether the workbench has written a text of its state into the browser's storage; it does so every few seconds. */
export function keptByWorkbench({ page }: Window, text: string): Promise<boolean> {
  return page.evaluate(async (wanted) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith('vscode-web-state-db') !== true) continue;
      const db = await done(indexedDB.open(name));
      const values = await done(db.transaction('ItemTable').objectStore('ItemTable').getAll());
      db.close();
      if (JSON.stringify(values).replaceAll('\\', '').includes(wanted)) return true;
    }
    return false;
  }, text);
}

/** Loads the page anew: the extension host ends in order, and another one starts. */
export async function reload({ page }: Window): Promise<void> {
  await page.reload();
  await page.locator('.monaco-workbench').waitFor();
}

/** The folder as a person has it: HEAD, the bytes of the index, and every file outside `.git`. */
export function stateOf(folder: string): { head: string; index: string; files: Record<string, string> } {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (entry.isFile() && !name.startsWith('.git/')) files[name] = hashOf(file);
  }
  const git = path.join(folder, '.git');
  const head = readFileSync(path.join(git, 'HEAD'), 'utf8') + readFileSync(path.join(git, 'refs/heads/main'), 'utf8');
  return { head, index: hashOf(path.join(git, 'index')), files };
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
