import { closures, lidSeries } from './blink.js';
import { headPose } from './index.js';
import { eyeDistance, noseOffset, pairs, planeResidual } from './plane.js';
import { triangulate } from './testing/delaunay.js';
import { meshOf, seriesSample } from './testing/series.js';
import { type XY } from './types.js';

const points = (stance: object, map?: (p: XY) => XY) => pairs(seriesSample(0, stance, map).face?.points ?? []);

describe('headPose', () => {
  it('reads back any turn of the canonical head', () => {
    for (const yaw of [-40, -25, -5, 0, 10, 35]) {
      for (const pitch of [-25, 0, 15]) {
        for (const roll of [-20, 0, 30]) {
          const { pose, misfit } = headPose(meshOf({ yaw, pitch, roll, dx: 0.3 }));
          expect(pose.yaw).toBeCloseTo(yaw, 3);
          expect(pose.pitch).toBeCloseTo(pitch, 3);
          expect(pose.roll).toBeCloseTo(roll, 3);
          expect(misfit).toBeLessThan(1e-4);
        }
      }
    }
  });

  it('says left where the nose goes right in the picture, and up where it rises', () => {
    const nose = (stance: object) => meshOf(stance).slice(12, 14);
    const [x, y] = nose({}) as unknown as [number, number];
    expect(nose({ yaw: 20 })[0]).toBeGreaterThan(x + 5);
    expect(nose({ pitch: 20 })[1]).toBeLessThan(y - 5);
  });

  it('finds a face that is no head', () => {
    const flat = meshOf({}).map((v, i) => (i % 3 === 2 ? 0 : v));
    expect(headPose(flat).misfit).toBeGreaterThan(0.1);
  });
});

describe('planeResidual and noseOffset', () => {
  const straight = points({});
  const tilted = (p: XY): XY => {
    const w = 1 + 0.0006 * p[0] - 0.0004 * p[1];
    return [(0.9 * p[0] + 0.1 * p[1] + 30) / w, (-0.15 * p[0] + 1.1 * p[1] - 5) / w];
  };

  it('explain a photograph that is tilted by its plane', () => {
    expect(planeResidual(straight, points({}, tilted))).toBeLessThan(1e-6);
    expect(Math.abs(noseOffset(points({}, tilted)) - noseOffset(straight))).toBeLessThan(0.01);
  });

  it('do not explain a head that turns', () => {
    for (const yaw of [-25, -12, 12, 25]) {
      const turned = points({ yaw });
      expect(planeResidual(straight, turned)).toBeGreaterThan(0.02);
      expect(Math.sign(yaw) * noseOffset(turned)).toBeGreaterThan(0.03);
    }
    expect(planeResidual(straight, points({ roll: 30 }))).toBeLessThan(1e-6);
    expect(eyeDistance(straight)).toBeCloseTo(120, 6);
  });

  it('cannot be fooled by a degenerate view', () => {
    expect(
      planeResidual(
        straight.map((): XY => [5, 5]),
        straight,
      ),
    ).toBeNaN();
  });
});

describe('closures', () => {
  const lids = (text: string) => [...text].map((c, i) => ({ timeS: i / 10, open: Number(c) / 9 }));

  it('counts what shuts and opens, once each', () => {
    expect(closures(lids('9993339999'), 0.5, 0.8)).toEqual([{ fromS: 0.3, toS: 0.5, least: 3 / 9 }]);
    expect(closures(lids('99933999339'), 0.5, 0.8)).toHaveLength(2);
  });

  it('counts no trembling, no eyes that were never open, none that stay shut', () => {
    expect(closures(lids('9993636399'), 0.5, 0.8)).toHaveLength(1);
    expect(closures(lids('3333999'), 0.5, 0.8)).toHaveLength(0);
    expect(closures(lids('9993333'), 0.5, 0.8)).toHaveLength(0);
  });

  it('needs both eyes: a wink is none', () => {
    const open = [{ left: 0.3, right: 0.4 }];
    expect(lidSeries([{ timeS: 0, left: 0.1, right: 0.4 }], open)[0]?.open).toBe(1);
  });
});

describe('triangulate', () => {
  it('covers the hull without overlap', () => {
    const grid = Array.from(
      { length: 49 },
      (_, i) => [(i % 7) + 0.01 * Math.sin(i), Math.floor(i / 7) + 0.01 * Math.cos(3 * i)] as const,
    );
    const area = triangulate(grid).reduce((s, [a, b, c]) => {
      const [p, q, r] = [grid[a], grid[b], grid[c]] as [XY, XY, XY];
      return s + Math.abs((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])) / 2;
    }, 0);
    expect(area).toBeGreaterThan(35.5);
    expect(area).toBeLessThan(36.5);
  });
});
