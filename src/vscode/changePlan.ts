/** Changing what may be changed of a plan before the start; each answer undefined when the person backs out of it. */
import * as vscode from 'vscode';
import type { Plan } from '../core/events/planParts';
import { assertNever } from '../core/kernel/assertNever';
import { type Changed, changedPlan } from './planRows';
import type { RunPreview } from './runs';
import { askGlobs, askZones } from './zones/askZones';

/** What of a plan may be changed. */
export type Changeable = 'zones' | 'sensitivity' | 'excluded' | 'show';

/** The changes with those that the person makes to one part of the plan. */
export async function changePlan(part: Changeable, preview: RunPreview, changed: Changed): Promise<Changed> {
  switch (part) {
    case 'zones': {
      const zones = await changedZones(preview, changed);
      return zones === undefined ? changed : withZones(preview.plan, changed, zones);
    }
    case 'sensitivity': {
      const { sensitivity: _, ...others } = changed;
      const level = await askLevel(preview.plan);
      if (level === undefined) return changed;
      return level === preview.plan.sensitivity ? others : { ...others, sensitivity: level };
    }
    case 'excluded': {
      const { excluded = [], ...others } = changed;
      const globs = await askGlobs({
        title: vscode.l10n.t('Exclude More'),
        prompt: excludePrompt(),
        value: excluded.join(', '),
      });
      if (globs === undefined) return changed;
      return globs.length === 0 ? others : { ...others, excluded: globs };
    }
    case 'show': {
      const { showContext, ...others } = changed;
      return showContext === true ? others : { ...others, showContext: true };
    }
    default:
      return assertNever(part);
  }
}

const excludePrompt = (): string =>
  vscode.l10n.t(
    'Globs of what the run never reads and never sends, beside what is excluded already. The name of a folder stands for all below it.',
  );

function changedZones(preview: RunPreview, changed: Changed): Promise<string[] | undefined> {
  return askZones({
    title: vscode.l10n.t('Zones: What the Run May Work On'),
    placeholder: vscode.l10n.t('Tick what the run may read and change. What is outside is refused to it.'),
    root: preview.root,
    proposed: preview.plan.zones,
    ticked: changedPlan(preview, changed).zones,
    called: 'proposed',
  });
}

/** The zones as they are proposed are no change. */
function withZones(plan: Plan, { zones: _, ...others }: Changed, zones: string[]): Changed {
  return [...zones].sort().join('\n') === [...plan.zones].sort().join('\n') ? others : { ...others, zones };
}

const LEVELS = ['low', 'medium', 'high'] as const;
const MEANS = {
  low: () => vscode.l10n.t('nothing about it is sensitive'),
  medium: () => vscode.l10n.t('you are shown what will be sent, before a model elsewhere is asked'),
  high: () => vscode.l10n.t('models on this machine only, unless you agree to another'),
} as const satisfies Record<Plan['sensitivity'], () => string>;

/** It can only be raised: the levels from the proposed one on. */
async function askLevel({ sensitivity }: Plan): Promise<Plan['sensitivity'] | undefined> {
  const levels = LEVELS.slice(LEVELS.indexOf(sensitivity));
  const items = levels.map((level) => ({
    label: level,
    description: level === sensitivity ? vscode.l10n.t('proposed') : '',
    detail: MEANS[level](),
    level,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Sensitivity of the Task'),
    placeHolder: vscode.l10n.t('It can be raised, never lowered below what the gatekeeper says.'),
    ignoreFocusOut: true,
  });
  return picked?.level;
}
