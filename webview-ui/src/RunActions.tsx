/** The buttons of a run: what is likeliest in sight, the rest in one menu. */
import type { CheckMode } from '../../src/protocol/check';
import type { RunCommand, RunView } from '../../src/protocol/messages';
import type { Layout } from './actions';
import { COMMANDS, commandsFor, moreCommandsFor } from './commands';
import { Button, Toggle } from './controls';
import { Menu } from './menu/Menu';
import type { MenuItem } from './menu/MenuList';
import type { Share } from './share/useShare';
import type { Pane } from './state';

export type RunActionsProps = {
  run: RunView;
  panes: ReadonlySet<Pane>;
  layout: Layout;
  share: Share;
  onPane: (pane: Pane, open: boolean) => void;
  onCommand: (id: RunCommand) => void;
  onCheck: (mode: CheckMode) => void;
};

/** What ends or settles a run: in sight also where there is little room. */
const URGENT: ReadonlySet<RunCommand> = new Set<RunCommand>(['resume', 'apply', 'discard', 'pause', 'cancel']);

/** The panes that have a button of their own, or an entry of the menu where there is little room. */
const PANES = [
  { id: 'graph', icon: 'type-hierarchy', label: 'Graph', what: 'the graph of the blueprint' },
  { id: 'charts', icon: 'graph-line', label: 'Charts', what: 'what was spent: tokens and cost' },
] as const;

export function RunActions({ run, panes, layout, share, onPane, onCommand, onCheck }: RunActionsProps) {
  /** Replay and verify are watched in their pane, which shows what they find as long as it is wanted. */
  const give = (id: RunCommand): void => {
    if (id === 'replay' || id === 'verify') {
      onPane('check', true);
      onCheck(id === 'replay' ? 'exact' : 'verify');
    } else onCommand(id);
  };
  const commands = commandsFor(run);
  const inSight = layout === 'full' ? commands : commands.filter((id) => URGENT.has(id));
  const apart = commands.filter((id) => !inSight.includes(id));
  const item = (id: RunCommand): MenuItem => ({ id, ...COMMANDS[id], onChoose: () => give(id) });
  const sharing: MenuItem[] = [
    { id: 'link', label: 'Copy Link', hint: 'A link to the selected event', icon: 'link', onChoose: share.copyLink },
    {
      id: 'image',
      label: 'Save as PNG…',
      hint: 'A picture of the run at the selected event',
      icon: 'file-media',
      onChoose: share.saveImage,
    },
  ];
  const views = layout === 'full' ? [] : PANES.map((pane) => paneItem(pane, panes, onPane));
  const groups = [apart.map(item), moreCommandsFor(run).map(item), views, sharing].filter((group) => group.length > 0);
  return (
    <div className="run-actions" role="toolbar" aria-label="Run actions">
      {inSight.map((id) => (
        <Button
          key={id}
          icon={COMMANDS[id].icon}
          primary={id === 'apply' || id === 'resume'}
          title={COMMANDS[id].hint}
          onClick={() => give(id)}
        >
          {COMMANDS[id].label}
        </Button>
      ))}
      {layout === 'full'
        ? PANES.map(({ id, icon, label, what }) => (
            <Toggle
              key={id}
              icon={icon}
              pressed={panes.has(id)}
              title={`${panes.has(id) ? 'Hide' : 'Show'} ${what}`}
              onClick={() => onPane(id, !panes.has(id))}
            >
              {label}
            </Toggle>
          ))
        : null}
      <Menu label="More Actions" icon="ellipsis" items={grouped(groups)} />
    </div>
  );
}

const grouped = (groups: readonly MenuItem[][]): MenuItem[] =>
  groups.flatMap((group, place) =>
    group.map((item, at) => (place > 0 && at === 0 ? { ...item, opensGroup: true } : item)),
  );

function paneItem(
  { id, icon, label, what }: (typeof PANES)[number],
  panes: RunActionsProps['panes'],
  onPane: RunActionsProps['onPane'],
): MenuItem {
  const word = panes.has(id) ? 'Hide' : 'Show';
  return { id, icon, label: `${word} ${label}`, hint: `${word} ${what}`, onChoose: () => onPane(id, !panes.has(id)) };
}
