import * as vscode from 'vscode';
import { oneLine } from '../../protocol/format';
import { exactLine, labelText } from '../exactText';
import { askModal, info } from '../messages';
import { askZones } from '../zones/askZones';
import { type Bounded, boundsNow, type Refused, refusedAt } from '../zones/boundsOfRun';
import { isFolder, packageOf } from '../zones/repositoryParts';
import { type Wider, widerZones } from '../zones/zones';
import { type Command, runIdOf } from './context';
import { pickActive } from './pickActive';

const TITLE = 'Widen the Zones of the Run';

/**
 * "Widen Zones…": lets a run that goes on here work on more of the repository. `seq` is the decision that refused a call for
 * lying outside; what it was about is then proposed. Nothing is widened without a person's yes to exactly these zones.
 */
export const widenZones: Command = async ({ runs }, run, seq) => {
  const runId = run === undefined ? await pickActive(runs, TITLE) : runIdOf(run);
  if (runId === undefined) return;
  const bounds = await boundsNow(runs, runId);
  const refused = typeof seq === 'number' ? await refusedAt(runs, runId, seq, bounds) : null;
  const zones = refused === null ? await choose(bounds) : await propose(bounds, refused);
  if (zones === undefined || !(await agreed(zones, bounds))) return;
  runs.widen(runId, zones, refused === null ? '' : `after ${refused.what} was refused`);
  void info(`OpenExec: from its next step on, the run may work on ${listed(zones)} as well.`);
};

type Row = vscode.QuickPickItem & { readonly zones: readonly string[] | null };

/** What would let the refused call through, the package first; or zones of the person's own choice. */
async function propose(bounds: Bounded, { paths, what }: Refused): Promise<readonly string[] | undefined> {
  if (paths.length === 0) {
    void info(`OpenExec: ${what} is within the zones of the run by now.`);
    return undefined;
  }
  const places = await Promise.all(
    paths.map(async (path) => ({
      path,
      isFolder: await isFolder(bounds.root, path),
      inPackage: await packageOf(bounds.root, path),
    })),
  );
  const rows: Row[] = [...widerZones(places).map(rowOf), OTHER];
  const placeHolder = `What may the run work on as well? Refused: ${what}`;
  const picked = await vscode.window.showQuickPick(rows, {
    title: TITLE,
    placeHolder: exactLine(placeHolder),
    ignoreFocusOut: true,
  });
  return picked?.zones === null ? choose(bounds) : picked?.zones;
}

const OTHER: Row = { label: '$(list-selection) Other Zones…', description: 'packages, folders or globs', zones: null };

const rowOf = ({ zones, what }: Wider): Row => ({ label: labelText(listed(zones)), description: what, zones });

function choose({ root, zones }: Bounded): Promise<string[] | undefined> {
  const placeholder = 'Tick what the run may work on beside what it has now.';
  return askZones({ title: TITLE, placeholder, root, proposed: zones, ticked: [], called: 'now' });
}

const WIDEN = 'Widen';

async function agreed(zones: readonly string[], bounds: Bounded): Promise<boolean> {
  const detail = [
    `Now it works on ${listed(bounds.zones)}.`,
    'From its next step on and until it ends, it may read this as well and show it to its model, and change it where the policy allows. The policy and what is excluded hold as before.',
    'The widening is recorded.',
  ].join('\n\n');
  return (await askModal(`Let the run work on ${listed(zones)} as well?`, detail, WIDEN)) === WIDEN;
}

const listed = (zones: readonly string[]): string => oneLine(zones.join(', '), 200);
