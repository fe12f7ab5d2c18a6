import { Signal } from '#contracts';
import { apparentAge } from './age.js';
import { chipTargets, dlibChip, dlibInput, faceresInput } from './align.js';
import { anchors, decodeDetections } from './blazeface.js';
import { decodeTemplate, encodeTemplate, FaceError, type FaceTemplate, type FaceTrack, matchFaces } from './index.js';
import { sharpness } from './quality.js';
import { mergeTemplates, unit } from './template.js';
import { type Seen, Tracker } from './track.js';
import { mergeDetections, toFrame, viewsOf } from './views.js';

/** A unit-length vector with its weight on one place. */
const at = (length: number, i: number, size = 1) => Float32Array.from({ length }, (_, k) => (k === i ? size : 0));
const template = (i: number, model = 'm'): FaceTemplate => ({ dlib: at(128, i), faceres: at(1024, i), model });

describe('decodeDetections', () => {
  const grids = () => [
    { logits: new Float32Array(512).fill(-9), boxes: new Float32Array(512 * 16) },
    { logits: new Float32Array(384).fill(-9), boxes: new Float32Array(384 * 16) },
  ];

  it('measures a box from the centre of its cell', () => {
    const [small, large] = grids() as [ReturnType<typeof grids>[0], ReturnType<typeof grids>[0]];
    // Cell (3, 2) of the 32-pixel grid, third box; its centre is (112, 80).
    const i = 6 * (2 * 8 + 3) + 2;
    large.logits[i] = 3;
    large.boxes.set([4, -2, 60, 80, -10, -12], 16 * i);
    const [found, ...rest] = decodeDetections([small, large], 0.5);
    expect(rest).toEqual([]);
    expect(found?.score).toBeCloseTo(1 / (1 + Math.exp(-3)), 6);
    expect(found?.box).toEqual({ x: 112 + 4 - 30, y: 80 - 2 - 40, width: 60, height: 80 });
    expect(found?.points[0]).toEqual({ x: 102, y: 68 });
    expect(anchors(16, 2)).toHaveLength(512);
  });

  it('refuses rubbish instead of finding nobody', () => {
    const broken = grids();
    (broken[0] as { logits: Float32Array }).logits[7] = NaN;
    expect(() => decodeDetections(broken, 0.5)).toThrow(/no numbers/);
    expect(() => decodeDetections([], 0.5)).toThrow(/size/);
  });
});

describe('views', () => {
  it.each([
    [1280, 720],
    [720, 1280],
    [1920, 1080],
    [640, 360],
    [1920, 800],
  ])('covers every place of %i x %i closely, a face on a border whole', (width, height) => {
    const [whole, ...close] = viewsOf(width, height);
    expect(whole).toEqual({ x: 0, y: 0, size: Math.max(width, height) });
    const face = 100;
    for (let x = 0; x + face <= width; x += 20) {
      for (let y = 0; y + face <= height; y += 20) {
        expect(close.some((v) => x >= v.x && y >= v.y && x + face <= v.x + v.size && y + face <= v.y + v.size)).toBe(
          true,
        );
      }
    }
    expect(close.every(({ size }) => size <= 768)).toBe(true);
  });

  it('moves findings into the frame and keeps one per face', () => {
    const points = [{ x: 128, y: 64 }];
    const one = { box: { x: 64, y: 64, width: 32, height: 32 }, score: 0.9, points };
    const [moved] = toFrame([one], { x: 100, y: 0, size: 512 });
    expect(moved).toMatchObject({ box: { x: 228, y: 128, width: 64, height: 64 }, points: [{ x: 356, y: 128 }] });
    const cut = { ...one, box: { x: 64, y: 70, width: 12, height: 20 }, score: 0.95 };
    const apart = { ...one, box: { x: 164, y: 64, width: 32, height: 32 } };
    expect(mergeDetections([cut, { ...one, score: 0.99 }, apart])).toHaveLength(2);
  });
});

describe('alignment', () => {
  it('lays the landmarks where the network expects them', () => {
    const [left, right, nose, mouthLeft, mouthRight] = chipTargets(300);
    const rgb = new Uint8Array(3 * 300 * 300);
    for (const p of [left, right]) {
      for (let y = -6; y <= 6; y++) {
        for (let x = -6; x <= 6; x++) rgb[3 * ((Math.round(p?.y ?? 0) + y) * 300 + Math.round(p?.x ?? 0) + x)] = 255;
      }
    }
    const marks = { leftEye: left, rightEye: right, nose, mouthLeft, mouthRight } as Parameters<typeof dlibChip>[1];
    const chip = dlibChip({ timeS: 0, width: 300, height: 300, rgb }, marks);
    for (const p of chipTargets().slice(0, 2)) {
      expect(chip.rgb[3 * (Math.round(p.y) * 150 + Math.round(p.x))]).toBeGreaterThan(200);
    }
    expect(chip.rgb[3 * (20 * 150 + 75)]).toBe(0);
  });

  it('mirrors, and gives faceres blue first', () => {
    const picture = { timeS: 0, width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect([...dlibInput(picture, true)]).toEqual([4, 5, 6, 1, 2, 3]);
    expect([...faceresInput(picture)].slice(0, 3).map((v) => Math.round(v * 1000) / 1000)).toEqual([
      3 - 103.939,
      2 - 116.779,
      1 - 123.68,
    ]);
  });

  it('does not call a flat or smooth chip sharp', () => {
    const chip = (value: (x: number, y: number) => number) => ({
      timeS: 0,
      width: 150,
      height: 150,
      rgb: Uint8Array.from({ length: 3 * 150 * 150 }, (_, i) => value(Math.floor(i / 3) % 150, Math.floor(i / 450))),
    });
    expect(sharpness(chip(() => 90))).toBe(0);
    expect(sharpness(chip((x) => x))).toBeLessThan(0.1);
    expect(sharpness(chip((x, y) => ((Math.floor(x / 3) + Math.floor(y / 3)) % 2 ? 200 : 40)))).toBeGreaterThan(1);
  });
});

describe('templates', () => {
  it('survive being bytes, and nothing else is read', () => {
    const bytes = encodeTemplate(template(5, 'dlib@1+faceres@2'));
    expect(decodeTemplate(bytes)).toEqual(template(5, 'dlib@1+faceres@2'));
    const version = bytes.slice();
    version[3] = 0x32;
    const empty = bytes.slice().fill(0, 30);
    for (const bad of [bytes.slice(1), bytes.slice(0, -1), version, empty, new Uint8Array(0)]) {
      expect(() => decodeTemplate(bad)).toThrow(FaceError);
    }
    expect(() => encodeTemplate({ ...template(1), dlib: new Float32Array(3) })).toThrow(/size/);
  });

  it('leave out a view of somebody else', () => {
    const merged = mergeTemplates([template(1), template(1), template(9)]);
    expect(merged).toEqual(template(1));
    expect(() => unit(new Float32Array(4))).toThrow(/direction/);
  });

  it('match only with a template of the same networks on both sides', () => {
    expect(matchFaces(template(1), template(1), 'consent')).toMatchObject({ result: 'match', score: 1 });
    expect(matchFaces(template(1), template(2), 'gallery').result).toBe('no_match');
    for (const [a, b] of [
      [null, template(1)],
      [template(1), null],
      [template(1), template(1, 'other')],
      [{ ...template(1), dlib: at(128, 0, NaN) }, template(1)],
    ] as const) {
      expect(matchFaces(a, b, 'gallery')).toMatchObject({ result: 'unable', score: null });
    }
    const asked = (['consent', 'gallery'] as const).map((use) => matchFaces(null, null, use));
    expect(asked[0]?.threshold).toBeGreaterThan(asked[1]?.threshold as number);
    expect(asked[0]?.falseMatchRate).toBeLessThan(asked[1]?.falseMatchRate as number);
  });
});

describe('Tracker', () => {
  const face = (timeS: number, x: number, who: number | null): Seen => ({
    timeS,
    box: { x, y: 100, width: 100, height: 120 },
    descriptor: who === null ? null : at(128, who, 0.6),
  });
  const lengths = (tracker: Tracker<Seen>) => tracker.paths.map(({ seen }) => seen.length);

  it('follows one who walks far between samples, and through a view without a descriptor', () => {
    const tracker = new Tracker<Seen>();
    [face(0, 0, 1), face(0.5, 400, 1), face(1, 440, null), face(1.5, 900, 1)].forEach((f) => tracker.step([f], false));
    expect(lengths(tracker)).toEqual([4]);
  });

  it('keeps two apart who cross', () => {
    const tracker = new Tracker<Seen>();
    for (let i = 0; i <= 8; i++) tracker.step([face(i / 2, 100 * i, 1), face(i / 2, 800 - 100 * i, 2)], false);
    expect(lengths(tracker)).toEqual([9, 9]);
    for (const { seen } of tracker.paths)
      expect(new Set(seen.map(({ descriptor }) => descriptor?.indexOf(Math.fround(0.6)))).size).toBe(1);
  });

  it('ends at a cut, after a long pause, and when somebody else stands there', () => {
    for (const second of [face(0.5, 0, 1), face(6, 0, 1), face(0.5, 0, 2)]) {
      const tracker = new Tracker<Seen>();
      tracker.step([face(0, 0, 1)], false);
      tracker.step([second], second.timeS === 0.5 && second.descriptor?.[1] !== 0);
      expect(lengths(tracker)).toEqual([1, 1]);
    }
  });
});

describe('apparentAge', () => {
  it('reads mean, middle and share under 18 of the mean distribution', () => {
    const age = apparentAge([at(100, 10), at(100, 30)]);
    expect(age).toEqual({ mean: 20, low: 10, high: 30, under18: 0.5 });
  });
});

describe('signals', () => {
  const track = (over: Partial<FaceTrack>): FaceTrack => ({
    id: 'face_1',
    fromS: 1,
    toS: 3,
    frames: 5,
    atS: 2,
    box: { x: 0.1, y: 0.1, width: 0.2, height: 0.3 },
    widthPx: 120,
    state: 'measured',
    age: { mean: 40, low: 30, high: 50, under18: 0.01 },
    template: template(1),
    ...over,
  });
  const unable = (widthPx: number) =>
    track({ state: 'unable', age: null, template: null, widthPx, reason: `Too small: ${widthPx}` });
  const load = async () => import('./signals.js');

  it('reports the youngest face, never as certain, and one reason for all unknown ones', async () => {
    const { faceSignals } = await load();
    const child = { mean: 9, low: 5, high: 14, under18: 1 };
    const signals = faceSignals([track({}), track({ id: 'face_2', age: child }), unable(40), unable(70)]);
    expect(signals).toHaveLength(2);
    expect(signals[0]).toMatchObject({
      detector: 'face.apparent_minor',
      category: 'other',
      score: 0.99,
      coverage: 'low',
    });
    expect(signals[0]?.reason).toContain('face_2');
    expect(signals[1]).toMatchObject({ detector: 'face.identity', category: 'likeness', state: 'unable', score: null });
    expect(signals[1]?.reason).toMatch(/^2 faces .*Too small: 70/);
    for (const signal of signals) expect(Signal.parse(signal)).toEqual(signal);
  });

  it('says nothing without faces and never "clean" when it failed', async () => {
    const { faceSignals, unableFaces } = await load();
    expect(faceSignals([])).toEqual([]);
    for (const signal of unableFaces('No model.')) {
      expect(Signal.parse(signal)).toMatchObject({
        state: 'unable',
        score: null,
        coverage: 'none',
        reason: 'No model.',
      });
    }
  });
});
