import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';

export type { Browser, FrameLocator, Locator, Page };

/** The repository's root, test/host, the packed extension, the test bridge's folder, and where pictures go. */
export const root: string;
export const here: string;
export const vsixPath: string;
export const bridge: string;
export const shots: string;

export interface HostOptions {
  /** User settings over the quiet defaults of settings.mjs. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment variables of the extension host, over this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** .vsix files to install. */
  readonly install?: readonly string[];
  /** Extension folders to copy, or to link, into the extensions folder. */
  readonly unpacked?: readonly string[];
  readonly linked?: readonly string[];
  /** Honour `dev` and `tests` of `url()`; toasts are hidden then. */
  readonly devMode?: boolean;
  /** Workspace trust on: a folder opens in restricted mode. Off by default. */
  readonly trust?: boolean;
  /** A fixed port of loopback; a free one by default. */
  readonly port?: number;
  /** More arguments for code-server. */
  readonly args?: readonly string[];
}

export interface WorkbenchAddress {
  readonly folder?: string;
  readonly dev?: readonly string[];
  readonly tests?: string;
  readonly extra?: readonly (readonly [string, string])[];
}

export interface Host {
  /** The run's temporary folder: HOME and TMPDIR of the server; removed by `stop`. */
  readonly dir: string;
  readonly userDataDir: string;
  readonly port: number;
  readonly authority: string;
  /** The process group's leader. */
  readonly pid: number;
  readonly startMs: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** The server's log so far. */
  log(): string;
  /** The address of a window on a folder; open it in two pages for two windows on one folder. */
  url(what?: WorkbenchAddress): string;
  remote(file: string): string;
  /**
   * Runs an async function body that sees `vscode` and `args` in the extension host, through the test bridge, and returns its
   * JSON value. `window` counts from 0 in the order of opening, over the windows still alive; the newest one by default.
   */
  inHost<T = unknown>(code: string, args?: unknown, options?: { readonly window?: number }): Promise<T>;
  stop(): Promise<void>;
}

/** Starts a VS Code server on loopback. The caller stops it; should the caller die, it stops by itself. */
export function startHost(options?: HostOptions): Promise<Host>;

/** A headless Chromium that reaches nothing but loopback. */
export function launch(): Promise<Browser>;

export interface PageOptions {
  readonly onConsole?: (type: string, text: string) => void;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A page in a browser context of its own. With HOST_DEBUG set its console is printed. */
export function newPage(browser: Browser, options?: PageOptions): Promise<Page>;

/** Keeps a picture of the page in test/e2e/shots, and returns its path. */
export function shot(page: Page, name: string): Promise<string>;

type Text = string | RegExp;

/** Page object for the workbench. */
export class Workbench {
  constructor(page: Page);
  readonly page: Page;
  open(url: string): Promise<void>;
  /** Runs the command with exactly this title from the palette; waits up to 20 s for it to be contributed. */
  command(title: string): Promise<void>;
  readonly quickInput: Locator;
  quickPickRow(text: Text): Locator;
  toast(text: Text): Locator;
  activity(name: Text): Locator;
  treeItem(name: Text): Locator;
  menuItem(name: Text): Locator;
  statusBarItem(text: Text): Locator;
  tab(name: Text): Locator;
  readonly editor: Locator;
  readonly dialog: Locator;
  webview(at?: number): FrameLocator;
  editorWebview(options?: { readonly timeout?: number }): Promise<FrameLocator>;
  sideWebview(options?: { readonly timeout?: number }): Promise<FrameLocator>;
}
