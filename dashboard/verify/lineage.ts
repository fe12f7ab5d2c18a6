import type { Lineage, LineageNode } from '#contracts';

/** A clip in its place; the row counts from what came first, the column from the left. */
export interface Placed extends LineageNode {
  row: number;
  column: number;
  /** How many stand in its row. */
  rowSize: number;
}

/** A history that can be drawn. */
export interface Drawing {
  nodes: Placed[];
  edges: Lineage['edges'];
  rows: number;
  /** Clips that are not drawn, because the picture would become too large. */
  left: number;
}

const MAX_DRAWN = 12;
const MAX_IN_A_ROW = 3;

/** Longest way from a clip that nothing leads to. Arrows that run in a circle are cut after as many rows as there are clips. */
function depths(nodes: LineageNode[], edges: Lineage['edges']): Map<string, number> {
  const depth = new Map(nodes.map(({ id }) => [id, 0]));
  for (let round = 1; round < nodes.length; round++) {
    let changed = false;
    for (const { from, to } of edges) {
      const next = Math.min((depth.get(from) ?? 0) + 1, nodes.length - 1);
      if (next > (depth.get(to) ?? 0)) {
        depth.set(to, next);
        changed = true;
      }
    }
    if (!changed) break;
  }
  return depth;
}

/** Places a history in rows, oldest first; null where there is nothing to draw. The clips nearest to the end are kept. */
export function drawingOf(lineage: Lineage): Drawing | null {
  const known = new Set(lineage.nodes.map(({ id }) => id));
  const all = lineage.edges.filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  if (lineage.nodes.length < 2 || !all.length) return null;
  const depth = depths(lineage.nodes, all);
  const latest = [...lineage.nodes].sort((a, b) => depth.get(b.id)! - depth.get(a.id)!).slice(0, MAX_DRAWN);
  const drawn = new Set(latest.map(({ id }) => id));
  const edges = all.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  const byDepth = new Map<number, LineageNode[]>();
  for (const node of latest) byDepth.set(depth.get(node.id)!, [...(byDepth.get(depth.get(node.id)!) ?? []), node]);
  const rows = [...byDepth.keys()]
    .sort((a, b) => a - b)
    .flatMap((d) => {
      const row = byDepth.get(d)!;
      return Array.from({ length: Math.ceil(row.length / MAX_IN_A_ROW) }, (_, i) =>
        row.slice(i * MAX_IN_A_ROW, (i + 1) * MAX_IN_A_ROW),
      );
    });
  const nodes = rows.flatMap((row, r) => row.map((node, column) => ({ ...node, row: r, column, rowSize: row.length })));
  return { nodes, edges, rows: rows.length, left: lineage.nodes.length - nodes.length };
}
