import type { Lineage } from '#contracts';
import { drawingOf } from './lineage.js';

function graph(...arrows: string[]): Lineage {
  const edges = arrows.map((arrow) => ({ from: arrow[0]!, to: arrow[1]!, relation: 'edit' as const }));
  const ids = [...new Set(arrows.join(''))];
  const nodes = ids.map((id) => ({ id, kind: 'foreign' as const, title: id, at: null, withdrawn: false }));
  return { nodes, edges };
}
const rows = (lineage: Lineage) =>
  Object.fromEntries(drawingOf(lineage)!.nodes.map(({ id, row, column }) => [id, [row, column]]));

describe('the history as rows', () => {
  it('stands below all that it came from', () => {
    expect(rows(graph('ac', 'bc', 'cd', 'ad'))).toEqual({ a: [0, 0], b: [0, 1], c: [1, 0], d: [2, 0] });
  });

  it('ends where arrows run in a circle', () => {
    expect(drawingOf(graph('ab', 'bc', 'ca'))!.nodes).toHaveLength(3);
  });

  it('keeps what is nearest to the end, and says how much it left out', () => {
    const long = graph(...Array.from('abcdefghijklmnop', (id, i) => id + 'bcdefghijklmnopq'[i]!));
    const drawing = drawingOf(long)!;
    expect([drawing.nodes.length, drawing.left, drawing.nodes.at(-1)!.id]).toEqual([12, 5, 'q']);
  });

  it('breaks a row that would be too wide', () => {
    expect(drawingOf(graph('ae', 'be', 'ce', 'de'))!.nodes.map(({ row, rowSize }) => [row, rowSize])).toEqual([
      [0, 3],
      [0, 3],
      [0, 3],
      [1, 1],
      [2, 1],
    ]);
  });

  it('is not drawn where there is none', () => {
    expect(drawingOf({ nodes: graph('ab').nodes, edges: [] })).toBeNull();
    expect(drawingOf({ nodes: graph('ab').nodes, edges: graph('ax').edges })).toBeNull();
  });
});
