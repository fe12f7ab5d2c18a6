import { type Point } from '#engines/pixels';

/** A patch of the text map that hangs together. */
export interface Region {
  /** Corners of its pixels along the left and right edge, row by row: their hull is the hull of the patch. */
  outline: Point[];
  /** Pixels. */
  area: number;
}

/** The runs of one row that lie above the threshold, with the patch they belong to. */
interface Run {
  from: number;
  to: number;
  label: number;
}

/** Union-find over labels; the smaller label is kept. */
class Labels {
  private readonly parent: number[] = [];

  fresh(): number {
    return this.parent.push(this.parent.length) - 1;
  }

  find(label: number): number {
    let root = label;
    while (this.parent[root] !== root) root = this.parent[root] as number;
    this.parent[label] = root;
    return root;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    this.parent[Math.max(x, y)] = Math.min(x, y);
  }
}

function runsOf(map: Float32Array, start: number, width: number, threshold: number): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < width; x++) {
    if (!((map[start + x] as number) > threshold)) continue;
    const from = x;
    while (x < width && (map[start + x] as number) > threshold) x++;
    runs.push({ from, to: x, label: -1 });
  }
  return runs;
}

/**
 * Patches of neighbouring pixels (8 neighbours) whose value is above `threshold`, the largest first.
 * @param map `width * height` values
 * @param most at most this many patches are given
 */
export function regionsOf(map: Float32Array, width: number, height: number, threshold: number, most: number): Region[] {
  const labels = new Labels();
  const rows: Run[][] = [];
  let above: Run[] = [];
  for (let y = 0; y < height; y++) {
    const runs = runsOf(map, y * width, width, threshold);
    let i = 0;
    for (const run of runs) {
      while (i < above.length && (above[i] as Run).to < run.from) i++;
      for (let k = i; k < above.length && (above[k] as Run).from <= run.to; k++) {
        const other = (above[k] as Run).label;
        if (run.label < 0) run.label = other;
        else labels.join(run.label, other);
      }
      if (run.label < 0) run.label = labels.fresh();
    }
    rows.push(runs);
    above = runs;
  }
  return collect(rows, labels)
    .sort((a, b) => b.area - a.area)
    .slice(0, most);
}

function collect(rows: readonly Run[][], labels: Labels): Region[] {
  const regions = new Map<number, Region & { row: number; left: number; right: number }>();
  const close = (r: { outline: Point[]; row: number; left: number; right: number }) => {
    for (const x of [r.left, r.right]) r.outline.push({ x, y: r.row }, { x, y: r.row + 1 });
  };
  rows.forEach((runs, y) => {
    for (const { from, to, label } of runs) {
      const root = labels.find(label);
      const region = regions.get(root);
      if (!region) {
        regions.set(root, { outline: [], area: to - from, row: y, left: from, right: to });
        continue;
      }
      region.area += to - from;
      if (region.row === y) {
        region.right = to;
      } else {
        close(region);
        Object.assign(region, { row: y, left: from, right: to });
      }
    }
  });
  return [...regions.values()].map((region) => {
    close(region);
    return { outline: region.outline, area: region.area };
  });
}
