/** Page object for the VS Code workbench: what a person does and sees, named as VS Code names it. */

/** The workbench silently drops toasts beyond three in 800 ms: commands keep this far apart. */
const COMMAND_GAP_MS = 850;
const POLL_MS = 100;
const WEBVIEW = 'iframe.webview.ready';

export class Workbench {
  #lastCommand = 0;

  constructor(page) {
    this.page = page;
  }

  async open(url) {
    await this.page.goto(url);
    await this.page.evaluate(startWebviewWorker);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.locator('.statusbar').waitFor();
  }

  /** F1, type, run the row with just this title; retried, for contributed commands come a little after the workbench. */
  async command(title) {
    const wait = this.#lastCommand + COMMAND_GAP_MS - Date.now();
    if (wait > 0) await this.page.waitForTimeout(wait);
    this.#lastCommand = Date.now();
    const label = this.page.locator('.label-name', { hasText: exactly(title) });
    const row = this.quickInput.locator('.monaco-list-row').filter({ has: label }).first();
    for (let attempt = 0; ; attempt++) {
      let found = false;
      try {
        // A menu or dialog that is still open swallows the key; Escape, below, closes it.
        await this.page.keyboard.press('F1');
        await this.quickInput.waitFor({ timeout: 5000 });
        await this.quickInput.locator('input[type=text], input:not([type=checkbox])').first().fill(`>${title}`);
        await row.waitFor({ timeout: 2000 });
        found = true;
        await row.click({ timeout: 2000 });
        return;
      } catch (error) {
        // A click that is late to report may have run the command all the same: the list is gone then, and a second would be one too many.
        if (found && (await this.quickInput.count()) === 0) return;
        if (attempt === 9) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  get quickInput() {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** A row of the open quick pick, by the text it shows. */
  quickPickRow(text) {
    return this.quickInput.locator('.monaco-list-row').filter({ hasText: text });
  }

  toast(text) {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  activity(name) {
    return this.page.locator('.activitybar').getByRole('tab', { name });
  }

  treeItem(name) {
    return this.page.getByRole('treeitem', { name });
  }

  /** The entry of an open (context) menu; Playwright looks into the menu's shadow root by itself. */
  menuItem(name) {
    return this.page.getByRole('menuitem', { name });
  }

  statusBarItem(text) {
    return this.page.locator('.statusbar .statusbar-item').filter({ hasText: text });
  }

  tab(name) {
    return this.page.locator('.part.editor').getByRole('tab', { name });
  }

  /** The text editor's lines; the commit message box and other inputs are Monaco editors too, so it looks in the editor part. */
  get editor() {
    return this.page.locator('.part.editor .editor-instance .monaco-editor .view-lines').first();
  }

  get dialog() {
    return this.page.locator('.monaco-dialog-box');
  }

  /** The document of the n-th webview that is open, in no promised order. */
  webview(at = 0) {
    return documentOf(this.page.locator(WEBVIEW).nth(at));
  }

  /** The document of the webview that covers the editor area; waits for one. */
  async editorWebview(options) {
    return this.#webviewIn('.part.editor', options);
  }

  /** The document of the webview in the side bar; waits for one. */
  async sideWebview(options) {
    return this.#webviewIn('.part.sidebar', options);
  }

  async #webviewIn(part, { timeout = 30_000 } = {}) {
    const until = Date.now() + timeout;
    for (;;) {
      const name = await this.#webviewNameIn(part);
      // By name and not by place: the places move when other webviews come and go.
      if (name !== null) return documentOf(this.page.locator(`${WEBVIEW}[name="${name}"]`));
      if (Date.now() > until) throw new Error(`no webview came up in ${part} within ${timeout} ms`);
      await this.page.waitForTimeout(POLL_MS);
    }
  }

  /** Webviews float over the workbench, outside its parts: the one whose middle lies in the part is meant. */
  async #webviewNameIn(part) {
    const area = await this.page.locator(part).first().boundingBox();
    if (area === null) return null;
    for (const frame of await this.page.locator(`${WEBVIEW}:visible`).all()) {
      const box = await frame.boundingBox({ timeout: 1000 }).catch(() => null); // it may just have gone
      if (box === null || box.width === 0 || box.height === 0) continue;
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      if (x < area.x || x > area.x + area.width || y < area.y || y > area.y + area.height) continue;
      return frame.getAttribute('name');
    }
    return null;
  }
}

/**
 * Runs in the page: registers the service worker of VS Code's webviews, and waits until it is active. All webviews of a
 * code-server share one origin, and each registers it: of two that come up at the same moment in a new profile one can
 * load after the worker claimed its clients, waits for a `controllerchange` that does not come, and stays blank for ever.
 * With the worker there beforehand each webview is controlled from its first request on. The script's address has to be
 * the one that VS Code's own `pre/index.html` makes; another would be a second worker.
 */
async function startWebviewWorker() {
  const root = [...document.querySelectorAll('[src],[href]')]
    .map((element) => element.src || element.href)
    .map((address) => /^(.*\/static)\/out\//.exec(address)?.[1])
    .find((found) => found !== undefined);
  if (root === undefined) throw new Error('the workbench page names no static folder');
  const folder = `${root}/out/vs/workbench/contrib/webview/browser/pre`;
  const script = await (await fetch(`${folder}/service-worker.js`)).text();
  const version = /VERSION=(\d+)/.exec(script)?.[1];
  const query = `v=${version}&vscode-resource-base-authority=vscode-resource.vscode-cdn.net&remoteAuthority=${location.host}&platform=browser`;
  const registration = await navigator.serviceWorker.register(`${folder}/service-worker.js?${query}`);
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('the service worker of webviews was not activated'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

function documentOf(frame) {
  return frame.contentFrame().locator('iframe#active-frame').contentFrame();
}

function exactly(text) {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
