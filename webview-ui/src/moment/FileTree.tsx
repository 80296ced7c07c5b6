/**
 * The files of a moment as a tree of folders. One tab stop: ↑/↓ walk the rows, ←/→ close and open folders or lead to the one
 * above, Home/End to the ends, Enter or Space opens the diff of a file against the start, or folds a folder.
 */
import { type KeyboardEvent, memo, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { FileMoment } from '../../../src/protocol/events';
import { formatBytes, formatCount } from '../../../src/protocol/format';
import type { TimelineActions } from '../actions';
import { Icon } from '../icons';
import { Visible } from '../Visible';
import { changeSign } from './changeSign';
import { Sign } from './Sign';
import { closedFolders, type FileRow, type FolderRow, treeRows } from './tree';
import { treeStep } from './treeKeys';

/** Pixels by which a row stands further in than its folder. */
const INDENT = 12;

type FileTreeProps = {
  files: readonly FileMoment[];
  /** The event after which they were so. */
  seq: number;
  onOpenDiff: TimelineActions['openDiff'];
};

export const FileTree = memo(function FileTree({ files, seq, onOpenDiff }: FileTreeProps) {
  /** The folders that a person has opened or closed. */
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const rows = useMemo(() => treeRows(files, closedFolders(files, turned)), [files, turned]);
  const tree = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = rows.findIndex(({ key }) => key === activeKey);
  const active = found === -1 ? 0 : found;
  useEffect(() => {
    if (activeKey !== null && tree.current === document.activeElement)
      document.getElementById(`${id}${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active, activeKey]);

  const fold = (key: string): void => {
    setActiveKey(key);
    const next = new Set(turned);
    if (!next.delete(key)) next.add(key);
    setTurned(next);
  };
  const open = (path: string): void => {
    setActiveKey(path);
    onOpenDiff(seq, path, 'base');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = treeStep(event.key, active, rows);
    if (step === null) return;
    event.preventDefault();
    if (step.kind === 'stay') return;
    if (step.kind === 'go') setActiveKey(rows[step.to]?.key ?? null);
    else if (step.kind === 'fold') fold(step.key);
    else open(step.path);
  };
  return (
    <div
      className="file-tree"
      role="tree"
      aria-label="Files that are not as at the start"
      tabIndex={0}
      aria-activedescendant={`${id}${active}`}
      onKeyDown={onKeyDown}
      ref={tree}
    >
      {rows.map((row, index) => {
        const shared = { id: `${id}${index}`, active: index === active };
        return row.kind === 'folder' ? (
          <FolderItem key={row.key} row={row} {...shared} onFold={fold} />
        ) : (
          <FileItem key={row.key} row={row} {...shared} onOpen={open} />
        );
      })}
    </div>
  );
});

type ItemProps<Row> = { row: Row; id: string; active: boolean };

const placeOf = ({ row, id, active }: ItemProps<FileRow | FolderRow>) => ({
  id,
  className: `tree-row${active ? ' is-active' : ''}`,
  style: { paddingLeft: `${(row.level - 1) * INDENT + 4}px` },
  'aria-level': row.level,
  'aria-posinset': row.place,
  'aria-setsize': row.of,
  'aria-selected': active,
});

function FolderItem(props: ItemProps<FolderRow> & { onFold: (key: string) => void }) {
  const { row, onFold } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the tree has focus and keys.
    <div role="treeitem" {...placeOf(props)} aria-expanded={row.open} onClick={() => onFold(row.key)}>
      <Icon name={row.open ? 'chevron-down' : 'chevron-right'} />
      <span className="tree-name">
        <Visible text={row.name} />
      </span>
      <span className="quiet">{formatCount(row.files, 'file')}</span>
    </div>
  );
}

function FileItem(props: ItemProps<FileRow> & { onOpen: (path: string) => void }) {
  const { file, name } = props.row;
  const title = `${file.path}: open the diff against the start`;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the tree has focus and keys.
    <div role="treeitem" {...placeOf(props)} title={title} onClick={() => props.onOpen(file.path)}>
      <Sign sign={changeSign(file)} />
      <span className={`tree-name${file.after === null ? ' is-gone' : ''}`}>
        <Visible text={name} />
      </span>
      {file.after === null ? null : <span className="quiet">{formatBytes(file.after.bytes)}</span>}
    </div>
  );
}
