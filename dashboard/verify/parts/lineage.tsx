import { useId } from 'react';
import type { Lineage } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { plain } from '../../shared/plain.js';
import { useWords } from '../language.js';
import { drawingOf, type Placed } from '../lineage.js';

const WIDTH = 400;
const ROW = 112;
const BOX = 58;
const GAP = 10;

function boxOf({ row, column, rowSize }: Placed) {
  const width = Math.min(240, (WIDTH - GAP * (rowSize - 1) - 2) / rowSize);
  const all = width * rowSize + GAP * (rowSize - 1);
  const x = (WIDTH - all) / 2 + column * (width + GAP);
  return { x, y: row * ROW + 1, width, middle: x + width / 2 };
}

function Box({ node, about }: { node: Placed; about: string }) {
  const { x, y, width, middle } = boxOf(node);
  const letters = Math.floor((width - 16) / 8);
  return (
    <g className="node" data-kind={node.kind} data-withdrawn={node.withdrawn}>
      <rect x={x} y={y} width={width} height={BOX} rx="8" />
      <text className="name" x={middle} y={y + 25}>
        {plain(node.title || node.id, letters)}
      </text>
      <text className="kind" x={middle} y={y + 44}>
        {plain(about, letters + 3)}
      </text>
    </g>
  );
}

function Arrow({ from, to, relation, mark }: { from: Placed; to: Placed; relation: string; mark: string }) {
  const [a, b] = [boxOf(from), boxOf(to)];
  const [top, bottom] = [a.y + BOX, b.y - 8];
  const half = (top + bottom) / 2;
  // Beside the arrow, on the side that it does not turn to.
  const left = b.middle > a.middle;
  return (
    <g className="arrow">
      <path
        d={`M${a.middle} ${top}C${a.middle} ${half} ${b.middle} ${half} ${b.middle} ${bottom}`}
        markerEnd={`url(#${mark})`}
      />
      <text x={a.middle + (left ? -8 : 8)} y={top + 20} textAnchor={left ? 'end' : 'start'}>
        {relation}
      </text>
    </g>
  );
}

/** From what the file was made, as a small graph and as a list. Draws nothing where there is no history. */
export function LineageGraph({ lineage }: { lineage: Lineage }) {
  const { words } = useWords();
  const { lineage: said } = words;
  const [id, mark] = [useId(), useId()];
  const drawing = drawingOf(lineage);
  if (!drawing) return null;
  const byId = new Map(drawing.nodes.map((node) => [node.id, node]));
  const about = (node: Placed) => said.kinds[node.kind] + (node.withdrawn ? `, ${said.withdrawn}` : '');
  return (
    <section className="lineage" aria-labelledby={id}>
      <h3 id={id}>{said.title}</h3>
      <p className="hint">{said.lead}</p>
      <svg viewBox={`0 0 ${WIDTH} ${(drawing.rows - 1) * ROW + BOX + 2}`} aria-hidden="true">
        <marker id={mark} viewBox="0 0 8 8" refX="4" refY="4" markerWidth="8" markerHeight="8" orient="auto">
          <path className="head" d="M0 0l8 4-8 4z" />
        </marker>
        {drawing.edges.map(({ from, to, relation }, i) => (
          <Arrow key={i} from={byId.get(from)!} to={byId.get(to)!} relation={said.relations[relation]} mark={mark} />
        ))}
        {drawing.nodes.map((node) => (
          <Box key={node.id} node={node} about={about(node)} />
        ))}
      </svg>
      <details>
        <summary>{said.list}</summary>
        <ul>
          {drawing.edges.map(({ from, to, relation }, i) => (
            <li key={i}>
              <Foreign text={byId.get(from)!.title || from} /> ({about(byId.get(from)!)}) →{' '}
              <Foreign text={byId.get(to)!.title || to} /> ({about(byId.get(to)!)}), {said.relations[relation]}
            </li>
          ))}
        </ul>
      </details>
      {drawing.left > 0 && <p className="hint">{said.more(drawing.left)}</p>}
    </section>
  );
}
