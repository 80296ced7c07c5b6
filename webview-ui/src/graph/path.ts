/** The course of a route between two boxes: it leaves and enters along the layers, so that it crosses no box beside it. Pure. */
/** A rectangle by its top left corner. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Point = { readonly x: number; readonly y: number };

/** How far a line runs straight from and to a box. */
const LEAVES = 8;
const ENTERS = 15;
/** How far below a box a line that comes back to it runs: above the labels, which are in the middle between two layers. */
const RETURNS = 12;
/** Pixels between a corner and the first line beside it, and between lines. */
const CORNER = 18;
const APART = 15;

/** Gives the places at which lines leave and enter boxes; none twice, as far as there is room. */
export type Ports = (node: string, box: Box, side: 'before' | 'after', towards: number) => number;

export function newPorts(): Ports {
  const used = new Map<string, number>();
  return (node, { x, width }, side, towards) => {
    const first = x + CORNER;
    const last = x + width - CORNER;
    if (Math.abs(towards - x - width / 2) < CORNER) return x + width / 2;
    if (towards > first && towards < last) return towards;
    const key = `${node} ${side} ${towards > last}`;
    const taken = used.get(key) ?? 0;
    used.set(key, taken + 1);
    const inward = Math.min(taken * APART, width / 2 - 2 * CORNER);
    return towards > last ? last - inward : first + inward;
  };
}

type End = { readonly id: string; readonly box: Box };

/**
 * The points of a line whose layers follow one another in `y`, through the inner points of the layout. A line from a box to
 * itself is as the layout has it.
 */
export function course(points: readonly Point[], from: End, to: End, ports: Ports): readonly Point[] {
  const inner = points.slice(1, -1);
  const first = inner[0];
  const last = inner.at(-1);
  if (from.id === to.id || first === undefined || last === undefined) return points;
  const below = to.box.y + to.box.height;
  const back = last.y > below ? [{ x: last.x, y: below + RETURNS }] : [];
  const end = leaving(to, last, ports, back.length > 0 ? RETURNS : ENTERS).reverse();
  return [...leaving(from, first, ports, LEAVES), ...inner, ...back, ...end];
}

/** The end of a line at a box and the point to which it runs straight from there. */
function leaving({ id, box }: End, towards: Point, ports: Ports, straight: number): Point[] {
  const after = towards.y > box.y + box.height / 2;
  const x = ports(id, box, after ? 'after' : 'before', towards.x);
  const y = after ? box.y + box.height : box.y;
  return [
    { x, y },
    { x, y: after ? y + straight : y - straight },
  ];
}

const at = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** An SVG path through the points, its corners rounded: quadratic curves between the middles of the pieces. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const curves = rest.slice(0, -1).map((corner, i) => `Q${at(corner)} ${at(middle(corner, rest[i + 1] ?? last))}`);
  return [`M${at(first)}`, `L${at(middle(first, rest[0] ?? last))}`, ...curves, `L${at(last)}`].join(' ');
}

const ARROW = { length: 8, half: 3.5 };

/** The corners of the arrowhead at the end of a line. */
export function arrowOf(points: readonly Point[]): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (tip === undefined || before === undefined) return '';
  const distance = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / distance, (tip.y - before.y) / distance];
  const base = { x: tip.x - dx * ARROW.length, y: tip.y - dy * ARROW.length };
  const side = { x: -dy * ARROW.half, y: dx * ARROW.half };
  return [tip, { x: base.x + side.x, y: base.y + side.y }, { x: base.x - side.x, y: base.y - side.y }]
    .map(at)
    .join(' ');
}
