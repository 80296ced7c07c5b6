/**
 * Codicons by name. They are decoration: whatever one says is also said in words beside it, or as a label.
 */
import type { EventType } from '../../src/protocol/events';
import type { EventHeader, Tone } from '../../src/protocol/messages';

export type IconName =
  | 'account'
  | 'archive'
  | 'arrow-down'
  | 'arrow-right'
  | 'arrow-up'
  | 'check'
  | 'check-all'
  | 'checklist'
  | 'chevron-down'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle-large-outline'
  | 'circle-slash'
  | 'clear-all'
  | 'close'
  | 'cloud-upload'
  | 'collapse-all'
  | 'comment'
  | 'comment-discussion'
  | 'copy'
  | 'dashboard'
  | 'debug-continue'
  | 'debug-disconnect'
  | 'debug-pause'
  | 'debug-rerun'
  | 'debug-reverse-continue'
  | 'debug-start'
  | 'debug-stop'
  | 'diff'
  | 'edit'
  | 'ellipsis'
  | 'error'
  | 'expand-all'
  | 'export'
  | 'file-media'
  | 'file-text'
  | 'filter'
  | 'gear'
  | 'git-merge'
  | 'graph-line'
  | 'history'
  | 'hubot'
  | 'info'
  | 'issue-reopened'
  | 'json'
  | 'keyboard'
  | 'library'
  | 'link'
  | 'loading'
  | 'lock'
  | 'note'
  | 'pass'
  | 'person'
  | 'play'
  | 'question'
  | 'record'
  | 'screen-full'
  | 'search'
  | 'send'
  | 'shield'
  | 'sync'
  | 'tools'
  | 'trash'
  | 'type-hierarchy'
  | 'unlock'
  | 'verified'
  | 'warning'
  | 'watch'
  | 'zoom-in'
  | 'zoom-out';

const SPINNING = new Set<IconName>(['sync', 'loading']);

export function Icon({ name }: { name: IconName }) {
  const spin = SPINNING.has(name) ? ' codicon-modifier-spin' : '';
  return <span className={`codicon codicon-${name}${spin}`} aria-hidden="true" />;
}

/** An icon in the colour of a tone, beside the words that say the same. */
export function ToneIcon({ name, tone }: { name: IconName; tone: Tone }) {
  return (
    <span className={`tone-icon tone-${tone}`}>
      <Icon name={name} />
    </span>
  );
}

/** The icon of a kind of event, however it ended. */
export const EVENT_ICONS: Readonly<Record<EventType, IconName>> = {
  'run.started': 'debug-start',
  'run.paused': 'debug-pause',
  'run.interrupted': 'debug-disconnect',
  'run.resumed': 'debug-continue',
  'run.cancelled': 'circle-slash',
  'run.finished': 'pass',
  'plan.proposed': 'checklist',
  'plan.accepted': 'checklist',
  'zones.widened': 'unlock',
  'sensitivity.raised': 'lock',
  'conversation.shortened': 'collapse-all',
  'context.built': 'library',
  'node.started': 'debug-start',
  'node.finished': 'pass',
  'egress.sent': 'cloud-upload',
  'model.requested': 'send',
  'model.responded': 'comment-discussion',
  'model.failed': 'error',
  'tool.requested': 'tools',
  'tool.finished': 'tools',
  'policy.decided': 'shield',
  'approval.requested': 'person',
  'approval.resolved': 'person',
  'file.changed': 'edit',
  'artifact.created': 'note',
  'loop.detected': 'issue-reopened',
  'budget.charged': 'dashboard',
  'budget.exceeded': 'warning',
  'result.requested': 'git-merge',
  'result.finished': 'git-merge',
};

/** The icon of an event; one that ended badly has the icon of its kind only where the kind says more than "bad". */
export function iconOf(header: EventHeader): IconName {
  if (header.type === 'policy.decided' && header.outcome === 'deny') return 'circle-slash';
  if (header.tone !== 'bad') return EVENT_ICONS[header.type];
  return header.type === 'run.finished' || header.type === 'node.finished' || header.type === 'tool.finished'
    ? 'error'
    : EVENT_ICONS[header.type];
}
