import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Signal } from '#contracts';
import { projectRoot } from '#kernel';
import { judge, readWindows } from '../../../tools/train-fight/judge.js';
import { FarnebackFlow } from './farneback.js';
import { createFightDetector, loadFightHead, STATISTICS, type FightLook } from './index.js';
import { PairMeter, windowStatistics } from './statistics.js';

const fixtures = join(projectRoot, 'tests', 'fixtures', 'violence');
const reference = JSON.parse(
  readFileSync(join(projectRoot, 'libs', 'engines', 'motion', 'reference.json'), 'utf8'),
) as { statistics: number[]; flow: [x: number, y: number, dx: number, dy: number][] };

/** Code of the error that a call throws. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (thrown) {
    return (thrown as { code?: string }).code;
  }
  return undefined;
}

const positive = (value: number, by: number) => ((value % by) + by) % by;

/** Three textured discs on a textured ground, moving; whole numbers only. OpenCV's reference was made of the same. */
function drawn(n: number): Uint8Array {
  return Uint8Array.from({ length: 160 * 120 }, (_, i) => {
    const x = i % 160;
    const y = Math.floor(i / 160);
    let grey = ((x * 7 + y * 13 + (Math.floor((x * y) / 9) % 31) * 5) % 64) + 40;
    for (let k = 0; k < 3; k++) {
      const cx = 30 + 40 * k + n * (k + 2);
      const cy = 40 + 15 * k - n * (k - 1) * 2;
      const r = 10 + 4 * k;
      if ((x - cx) ** 2 + (y - cy) ** 2 < r * r) grey = positive((x - cx) * 11 + (y - cy) * 5, 97) + 100;
    }
    return grey;
  });
}

function feed(look: FightLook, frames: number, fps: number, cuts: number[] = []): void {
  for (let n = 0; n < frames; n++) {
    look.push({ timeS: n / fps, width: 160, height: 120, data: drawn(n % 40), range: 'full' }, cuts.includes(n));
  }
}

describe('flow and statistics', () => {
  it('are those of OpenCV, which the head was fitted on', () => {
    const flow = new FarnebackFlow();
    const meter = new PairMeter();
    const pairs = [];
    for (let n = 0; n < 8; n++) {
      const found = flow.next(drawn(n));
      if (n === 4) {
        for (const [x, y, dx, dy] of reference.flow) {
          expect(found?.[(y * 160 + x) * 2]).toBeCloseTo(dx, 3);
          expect(found?.[(y * 160 + x) * 2 + 1]).toBeCloseTo(dy, 3);
        }
      }
      if (found) pairs.push(meter.measure(drawn(n), found));
      else meter.prime(drawn(n));
    }
    const measured = windowStatistics(pairs, 0.64);
    reference.statistics.forEach((value, i) => expect([STATISTICS[i], measured[i]]).toEqual([STATISTICS[i], expect.closeTo(value, 3)])); // prettier-ignore
  });
});

describe('the head', () => {
  it('keeps its floors on scenes that it has not seen, and its false alarms elsewhere are known', () => {
    const [surv, ordinary] = [readWindows(fixtures, 'surv'), readWindows(fixtures, 'ordinary')];
    const judged = judge(surv, ordinary, 0.3, [STATISTICS.indexOf('duration')], 1);
    expect(judged.auc).toBeGreaterThanOrEqual(0.82);
    expect(judged.recallAt5).toBeGreaterThanOrEqual(0.4);
    const head = loadFightHead();
    const flagged = ordinary.rows.filter((row) => head.score(row) > head.thresholdAt5).length / ordinary.rows.length;
    expect(flagged).toBeLessThanOrEqual(0.25);
  });

  it('is refused when altered or absent', () => {
    const dir = mkdtempSync(join(tmpdir(), 'fight-'));
    expect(codeOf(() => loadFightHead(dir))).toBe('motion_model_missing');
    for (const file of ['model.json', 'fight.json']) {
      writeFileSync(join(dir, file), readFileSync(join(projectRoot, 'models', 'violence', file)));
    }
    expect(loadFightHead(dir).model.sha256).toHaveLength(64);
    writeFileSync(join(dir, 'fight.json'), '{}');
    expect(codeOf(() => loadFightHead(dir))).toBe('motion_model_corrupt');
  });
});

describe('createFightDetector', () => {
  const detector = createFightDetector();

  it('gives one shadow signal with a score per two seconds', () => {
    const look = detector.begin();
    feed(look, 54, 12);
    const [signal, ...more] = look.finish();
    expect(more).toEqual([]);
    expect(Signal.parse(signal)).toEqual(signal);
    expect(signal).toMatchObject({
      detector: 'vision.motion.fight',
      category: 'violence',
      coverage: 'low',
      shadow: true,
    });
    expect(signal?.probability).toBeUndefined();
    expect(signal?.series?.map(([t]) => Math.round(t))).toEqual([0, 2, 3]);
  });

  it('splits at cuts, so that a cut is not motion', () => {
    const score = (cuts: number[]) => {
      const look = detector.begin();
      for (let n = 0; n < 48; n++) {
        const data = new Uint8Array(19200).fill(n < 24 + 6 * Number(cuts.length === 0) ? 40 : 200);
        look.push({ timeS: n / 12, width: 160, height: 120, data, range: 'full' }, cuts.includes(n));
      }
      return look.finish()[0]?.series;
    };
    const split = score([24]);
    expect(split).toHaveLength(2);
    expect(split?.[1]?.[1]).toBeCloseTo(split?.[0]?.[1] ?? NaN, 9);
    // Unsplit, the same jump of brightness leaves its mark on the window that holds it.
    expect(score([])?.[1]?.[1]).not.toBeCloseTo(split?.[1]?.[1] ?? NaN, 4);
  });

  it('says that a short clip has a short window, and is unable for less', () => {
    const short = detector.begin();
    feed(short, 12, 12);
    expect(short.finish()[0]).toMatchObject({
      state: 'measured',
      reason: expect.stringContaining('only 1.0 s') as string,
    });
    const shorter = detector.begin();
    feed(shorter, 3, 12);
    for (const signals of [shorter.finish(), detector.begin().finish()]) {
      expect(signals).toHaveLength(1);
      expect(signals[0]).toMatchObject({ state: 'unable', score: null, coverage: 'none' });
    }
  });

  it('refuses a frame whose bytes do not fit, or that goes back in time', () => {
    const look = detector.begin();
    const frame = { timeS: 1, width: 160, height: 120, data: drawn(0) };
    look.push(frame, false);
    const bad = { ...frame, timeS: 2, width: 161 };
    for (const one of [bad, frame]) {
      expect(codeOf(() => look.push(one, false))).toBe('motion_frame_invalid');
    }
  });
});
