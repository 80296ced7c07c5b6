/** What axe-core finds against the webviews of a window. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '../../host/lib.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Found = { readonly id: string; readonly impact: string; readonly nodes: readonly string[] };

/** The rules that a webview in sight breaks, each with the elements that do. That all of a page has to be in landmarks does not count: it is a part of one. */
export async function violations(page: Page): Promise<Found[]> {
  const found: Found[] = [];
  for (const frame of page.frames()) {
    if ((await frame.locator('#root').count()) === 0) continue;
    const element = await frame.frameElement();
    if (!(await element.isVisible())) continue;
    await frame.evaluate(`${source}; undefined`);
    const results = await frame.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      return axe.run(document, { rules: { region: { enabled: false } } });
    });
    for (const { id, impact, nodes } of results.violations)
      found.push({
        id,
        impact: impact ?? '',
        nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)}: ${failureSummary?.slice(0, 300)}`),
      });
  }
  return found;
}
