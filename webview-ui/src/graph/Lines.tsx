/** The routes of a graph as lines, with their counters. What they show, the list of nodes and routes says. */
import type { Layout } from './layout';
import { type GraphProgress, routeId } from './progress';
import { routeLabel, taken } from './words';

export function Lines({ layout, progress }: { layout: Layout; progress: GraphProgress | null }) {
  return (
    <div aria-hidden="true">
      <svg className="graph-lines" width={layout.width} height={layout.height}>
        <title>Routes</title>
        {layout.lines.map(({ edge, path, arrow }) => (
          <g key={routeId(edge)} className={`route-${edge.kind}${taken(edge, progress) > 0 ? ' is-taken' : ''}`}>
            <path d={path} />
            <polygon points={arrow} />
          </g>
        ))}
      </svg>
      {layout.lines.map(({ edge, label }) =>
        label === null ? null : (
          <span
            key={routeId(edge)}
            className={`graph-label${edge.max !== null && taken(edge, progress) >= edge.max ? ' is-used-up' : ''}`}
            style={{ left: label.x, top: label.y }}
          >
            {routeLabel(edge, progress)}
          </span>
        ),
      )}
    </div>
  );
}
