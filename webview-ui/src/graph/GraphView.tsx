/**
 * The picture of a blueprint: lines as SVG, nodes as buttons above them. Everything it shows it also says: in the
 * buttons' names, and in a list of nodes and routes for those who do not see it.
 */
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { BlueprintGraph } from '../../../src/protocol/graph';
import { IconButton } from '../controls';
import { exitsText, NodeButton, Terminal } from './GraphNodes';
import { Legend } from './Legend';
import { Lines } from './Lines';
import { fitScale, type Layout, layoutOf, nextBox } from './layout';
import type { Box } from './path';
import type { GraphProgress } from './progress';
import { SpokenGraph } from './SpokenGraph';
import { signOf, unseen } from './words';

type GraphViewProps = {
  graph: BlueprintGraph;
  /** Null without a run. */
  progress: GraphProgress | null;
  /** Whether what is active is being done now; otherwise it was, at the event that is looked at. */
  turning: boolean;
  /** What choosing a node does, for its tooltip; null for one of which there is nothing to choose. */
  hintOf: (node: string) => string | null;
  onNode: (node: string) => void;
};

export function GraphView({ graph, progress, turning, hintOf, onNode }: GraphViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const live = progress !== null;
  const layout = useLayout(graph, live, size);
  const [zoom, setZoom] = useState<number | 'auto' | 'fit'>('auto');
  const fit = size === null ? 1 : fitScale(layout, size);
  const scale = zoom === 'fit' ? fit : zoom === 'auto' ? comfortable(layout, size) : zoom;
  const zoomBy = (factor: number): void => setZoom(Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, scale * factor)));
  useInView(scroller, layout.boxes.get(progress?.current ?? graph.start), scale);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === '+' || event.key === '=') zoomBy(STEP);
    else if (event.key === '-') zoomBy(1 / STEP);
    else if (event.key === '0') setZoom('fit');
    else {
      const target = targetOf(event.key, event.target, graph, layout);
      const button = target === null ? null : buttonOf(scroller.current, target);
      if (button === null) return;
      button.focus();
    }
    event.preventDefault();
  };

  return (
    <section className="graph" aria-label="Graph">
      <div className="pane-title">
        <h2>Graph</h2>
        <IconButton label="Zoom out" icon="zoom-out" disabled={scale <= MIN_ZOOM} onClick={() => zoomBy(1 / STEP)} />
        <IconButton label="Zoom in" icon="zoom-in" disabled={scale >= MAX_ZOOM} onClick={() => zoomBy(STEP)} />
        <IconButton label="Zoom to fit" icon="screen-full" onClick={() => setZoom('fit')} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what can be filled in. */}
      <div
        className="graph-scroller"
        ref={scroller}
        role="group"
        aria-label={`Nodes of ${graph.title}; arrow keys go from one to the next`}
        onKeyDown={onKeyDown}
      >
        <div className="graph-canvas" style={{ width: layout.width * scale, height: layout.height * scale }}>
          <div
            className="graph-scaled"
            style={{ width: layout.width, height: layout.height, transform: `scale(${scale})` }}
          >
            <Lines layout={layout} progress={progress} />
            {graph.nodes.map((node) => {
              const box = layout.boxes.get(node.id);
              if (box === undefined) return null;
              if (node.kind === 'terminal') return <Terminal key={node.id} node={node} box={box} />;
              const own = progress?.nodes.get(node.id);
              return (
                <NodeButton
                  key={node.id}
                  graph={graph}
                  node={node}
                  box={box}
                  sign={live ? signOf(node, own) : null}
                  turning={turning && own?.state === 'active'}
                  current={progress?.current === node.id}
                  unseen={unseen(node, progress)}
                  exits={exitsText(graph, node.id, progress)}
                  hint={hintOf(node.id)}
                  onNode={onNode}
                />
              );
            })}
          </div>
        </div>
      </div>
      <Legend />
      <SpokenGraph graph={graph} progress={progress} />
    </section>
  );
}

const STEP = 1.25;
const MIN_ZOOM = 0.15;
const MAX_ZOOM = 2;
/** Above this scale everything is shown at once; else what can be read is, and the rest is scrolled to. */
const READABLE = 0.85;
const LEAST = 0.55;

function comfortable(layout: Layout, size: Size | null): number {
  if (size === null) return 1;
  const wide = size.width / layout.width;
  const high = size.height / layout.height;
  return Math.max(fitScale(layout, size), Math.min(READABLE, Math.max(LEAST, wide, high)));
}

/** From the top down; from left to right only where that shows much more of it at once. */
function useLayout(graph: BlueprintGraph, live: boolean, size: Size | null): Layout {
  const down = useMemo(() => layoutOf(graph, 'TB', live), [graph, live]);
  const flat = size !== null && size.width > 1.6 * size.height;
  const across = useMemo(() => (flat ? layoutOf(graph, 'LR', live) : null), [graph, live, flat]);
  if (across === null || size === null) return down;
  return fitScale(across, size) > 1.2 * fitScale(down, size) ? across : down;
}

type Size = { readonly width: number; readonly height: number };

function useSize(element: RefObject<HTMLElement>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const observer = new ResizeObserver(() => setSize({ width: observed.clientWidth, height: observed.clientHeight }));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** The node where the run is stays in view; before there is one, the start. */
function useInView(scroller: RefObject<HTMLElement>, box: Box | undefined, scale: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null || box === undefined) return;
    element.scrollLeft = scrolled(element.scrollLeft, element.clientWidth, box.x * scale, box.width * scale);
    element.scrollTop = scrolled(element.scrollTop, element.clientHeight, box.y * scale, box.height * scale);
  }, [scroller, box, scale]);
}

/** The scroll position, moved to put a span into the middle when it is not wholly seen. */
export function scrolled(position: number, room: number, from: number, length: number): number {
  const seen = from >= position && from + length <= position + room;
  return seen ? position : Math.max(0, from + length / 2 - room / 2);
}

const buttonOf = (within: HTMLElement | null, node: string): HTMLElement | null =>
  within?.querySelector<HTMLElement>(`[data-node="${node}"]`) ?? null;

/** The node that a key leads to from the one that has the focus. */
function targetOf(key: string, focused: EventTarget, graph: BlueprintGraph, { boxes }: Layout): string | null {
  const from = focused instanceof Element ? focused.closest('[data-node]')?.getAttribute('data-node') : null;
  const nodes = graph.nodes.filter(({ kind }) => kind !== 'terminal').map(({ id }) => id);
  if (key === 'Home') return nodes[0] ?? null;
  if (key === 'End') return nodes.at(-1) ?? null;
  if (!from) return null;
  return nextBox(new Map([...boxes].filter(([id]) => nodes.includes(id))), from, key);
}
