import { LivenessResult } from '#contracts';
import { createChallenge, verifyLiveness, type LivenessEvidence, type LivenessSample } from './index.js';
import { act, moments, seeded, type Acting } from './testing/acting.js';
import { type Stance } from './testing/puppet.js';
import { seriesSample } from './testing/series.js';
import { type XY } from './types.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const later = (s: number) => new Date(now.getTime() + 1000 * s);
const challengeOf = (seed: number) => createChallenge({ now, ttlS: 300, locale: 'en', random: seeded(seed) });
const challenge = challengeOf(1);

/** Views are numbers here; two are one person when they are near. */
const person = (values: number[], lengthS = challenge.lengthS) => ({
  views: values.map((template, i) => ({ timeS: (i * lengthS) / (values.length - 1), template })),
  match: (a: number, b: number) => ({
    result: Number.isNaN(a - b)
      ? ('unable' as const)
      : Math.abs(a - b) < 0.5
        ? ('match' as const)
        : ('no_match' as const),
    score: Number.isNaN(a - b) ? null : -Math.abs(a - b),
  }),
});

const acted = (acting: Acting = {}, of = challenge) => moments(of).map((t) => seriesSample(t, act(of, t, acting)));

/** The usual answer to the usual challenge. */
const usual = acted();

function evidence(over: Partial<LivenessEvidence<number>> = {}, of = challenge): LivenessEvidence<number> {
  return {
    challenge: of,
    observations: of === challenge ? usual : acted({}, of),
    cuts: [],
    capture: { nonce: of.nonce, receivedAt: later(60), durationS: of.lengthS },
    code: { heard: [...of.code].join(' '), shown: null },
    person: person([0, 0.1, 0.05, 0.2, 0.1], of.lengthS),
    ...over,
  };
}

function verdict(over: Partial<LivenessEvidence<number>> = {}, of = challenge) {
  const result = LivenessResult.parse(verifyLiveness(evidence(over, of)));
  const of_ = (state: string) => result.checks.filter((c) => c.state === state).map((c) => c.name);
  return { ...result, failed: of_('failed'), unable: of_('unable') };
}

const change = (list: LivenessSample[], f: (s: NonNullable<LivenessSample['face']>, t: number) => object) =>
  list.map((s) => ({ ...s, face: s.face && { ...s.face, ...f(s.face, s.timeS) } }));

describe('verifyLiveness', () => {
  it.each([1, 2, 3, 4, 5, 6])('accepts who does what challenge %i asks, slow or quick', (seed) => {
    const of = challengeOf(seed);
    for (const delayS of [0.3, 0.6, 1.2]) {
      const result = verdict({ observations: acted({ delayS }, of) }, of);
      expect({ seed, delayS, failed: result.failed, unable: result.unable }).toEqual({
        seed,
        delayS,
        failed: [],
        unable: [],
      });
      expect(result.result).toBe('live');
    }
  });

  it('gives every check numbers and a sentence in two languages, and the same result twice', () => {
    const result = verifyLiveness(evidence());
    expect(result.checks.map((c) => c.name)).toEqual([
      'frames',
      'face',
      'size',
      'cuts',
      'time',
      'code',
      'person',
      'actions',
      'eyes',
      'depth',
      'motion',
    ]);
    for (const c of result.checks) {
      expect(c.reason.en).not.toBe(c.reason.fr);
      expect(Object.keys(c.measured).length).toBeGreaterThan(0);
    }
    expect(verifyLiveness(evidence())).toEqual(result);
  });

  it('refuses the answer to any other challenge', () => {
    for (let seed = 20; seed < 36; seed++) {
      const other = challengeOf(seed);
      const result = verdict({ observations: acted({}, other), code: { heard: other.code, shown: null } });
      expect(result.result).toBe('not_live');
      expect(result.failed).toContain('code');
      // Order or times differ, or there is less of it; the head alone may agree by chance, all of it may not.
      expect(result.failed.some((name) => name === 'actions' || name === 'eyes' || name === 'frames')).toBe(true);
    }
    expect(verdict({ capture: { ...evidence().capture, nonce: '0'.repeat(32) } }).failed).toEqual(['time']);
  });

  it('refuses what is late, early or longer than the time since the question', () => {
    const at = (over: object) => verdict({ capture: { ...evidence().capture, ...over } }).failed;
    expect(at({ receivedAt: later(301) })).toEqual(['time']);
    expect(at({ receivedAt: later(-1) })).toEqual(['time']);
    expect(at({ receivedAt: later(10) })).toEqual(['time']);
    expect(at({ recordedAt: later(-60) })).toEqual(['time']);
    expect(at({ recordedAt: later(120) })).toEqual(['time']);
    expect(at({ recordedAt: later(20) })).toEqual([]);
  });

  it('reads code from sound or screen, and passes nothing unheard', () => {
    const { code } = challenge;
    expect(verdict({ code: { heard: null, shown: [`code ${code}`] } }).result).toBe('live');
    expect(verdict({ code: { heard: 'hello', shown: ['12:30', code] } }).result).toBe('live');
    expect(verdict({ code: { heard: null, shown: null } })).toMatchObject({ result: 'unable', unable: ['code'] });
    expect(verdict({ code: { heard: null, shown: ['12:30'] } })).toMatchObject({ result: 'unable', unable: ['code'] });
    expect(verdict({ code: { heard: '2 3 4 5 7', shown: null } })).toMatchObject({
      result: 'not_live',
      failed: ['code'],
    });
  });

  it('is unable without frames, without a face, with a small or rarely seen one', () => {
    const all = usual;
    expect(verdict({ observations: [] })).toMatchObject({ result: 'unable', failed: [] });
    expect(verdict({ observations: all.map((s) => ({ ...s, faces: 0, face: null })) })).toMatchObject({
      result: 'unable',
      failed: [],
    });
    const small = change(all, (f) => ({
      box: { x: 10, y: 10, width: 60, height: 70 },
      points: f.points.map((v) => v / 3),
    }));
    expect(verdict({ observations: small })).toMatchObject({ result: 'unable', unable: ['size'] });
    expect(verdict({ observations: all.filter((_, i) => i % 2) })).toMatchObject({
      result: 'unable',
      unable: ['frames'],
    });
    expect(verdict({ observations: [...all].reverse() }).result).not.toBe('live');
    const hidden = all.map((s, i) => (i % 10 ? s : { ...s, face: null, faces: 0 }));
    expect(verdict({ observations: hidden }).unable).toContain('face');
  });

  it('refuses a second face, a second person, a cut and a jump', () => {
    const all = usual;
    expect(verdict({ observations: all.map((s, i) => (i > 50 ? { ...s, faces: 2 } : s)) }).failed).toEqual(['face']);
    expect(verdict({ person: person([0, 0, 0.1, 0.9, 1]) }).failed).toEqual(['person']);
    expect(verdict({ person: person([0, 0, 0]) }).unable).toEqual(['person']);
    expect(verdict({ person: { ...person([0, 0, 0, 0, 0], 3) } }).unable).toEqual(['person']);
    expect(verdict({ person: person([0, NaN, 0, 0, 0]) }).unable).toEqual(['person']);
    expect(verdict({ person: null }).unable).toEqual(['person']);
    expect(verdict({ cuts: [7.3] }).failed).toEqual(['cuts']);
    expect(verdict({ cuts: null }).unable).toEqual(['cuts']);
    const half = challenge.lengthS / 2;
    const jump = change(all, (f, t) => ({ box: { ...f.box, x: f.box.x + (t > half ? 120 : 0) } }));
    expect(verdict({ observations: jump }).failed).toEqual(['cuts']);
  });

  it('refuses movements in the mirror unless the camera is known to mirror', () => {
    const mirrored = moments(challenge).map((t) => {
      const s = act(challenge, t);
      return seriesSample(t, { ...s, yaw: -(s.yaw ?? 0), roll: -(s.roll ?? 0), dx: -(s.dx ?? 0) });
    });
    expect(verdict({ observations: mirrored }).failed).toContain('actions');
    const capture = { ...evidence().capture, mirrored: true };
    expect(verdict({ observations: mirrored, capture }).failed).toEqual([]);
  });

  it('refuses half an answer, an extra movement, and no way back', () => {
    const without = (skip: number) =>
      moments(challenge).map((t) => {
        const step = challenge.steps.findIndex((s) => s.fromS <= t && t < s.toS);
        return seriesSample(t, step === skip ? {} : act(challenge, t));
      });
    challenge.steps.forEach((step, i) => {
      expect(verdict({ observations: without(i) }).failed).toContain(
        step.action.startsWith('blink') ? 'eyes' : 'actions',
      );
    });
    const early = moments(challenge).map((t) =>
      seriesSample(t, t < 2 ? act(challenge, t) : { ...act(challenge, t - 3) }),
    );
    expect(verdict({ observations: early }).result).toBe('not_live');
    const blink = challenge.steps.find((s) => s.action.startsWith('blink'));
    const extra = moments(challenge).map((t) => {
      const inside = blink && t > blink.fromS + 2.4 && t < blink.toS - 0.4;
      return seriesSample(t, inside ? { yaw: 20 } : act(challenge, t));
    });
    expect(verdict({ observations: extra }).failed).toContain('actions');
  });

  it('refuses a plane whose pose reads right: points that follow a homography, or a bent sheet', () => {
    // The strongest form: pose numbers of a head, with the points of a photograph that is turned as far.
    const heads = usual;
    const flat = (bend: number) =>
      heads.map((s, i) => {
        const yaw = ((act(challenge, moments(challenge)[i] as number) as Required<Stance>).yaw * Math.PI) / 180;
        const map = ([x, y]: XY): XY => {
          const u = (x - 300) / 120;
          const [px, pz] = bend ? [Math.sin(u * bend) / bend, (1 - Math.cos(u * bend)) / bend] : [u, 0];
          const [qx, qz] = [px * Math.cos(yaw) - pz * Math.sin(yaw), px * Math.sin(yaw) + pz * Math.cos(yaw)];
          const near = 8 / (8 + qz);
          return [300 + 120 * qx * near, 300 + (y - 300) * near];
        };
        const still = seriesSample(s.timeS, {}, map);
        return { ...s, face: s.face && { ...s.face, points: still.face?.points ?? [] } };
      });
    for (const bend of [0, 0.5, 1]) expect(verdict({ observations: flat(bend) }).failed).toContain('depth');
  });

  it('refuses a frozen picture and eyes that never close', () => {
    const still = moments(challenge).map((t) => seriesSample(t, {}));
    expect(verdict({ observations: still }).failed).toEqual(['actions', 'eyes', 'motion']);
    expect(verdict({ observations: acted({ closed: 0 }) }).failed).toEqual(['eyes']);
    expect(verdict({ observations: acted({ closed: 0.3 }) }).failed).toEqual(['eyes']);
  });

  it('is unable when the recording does not begin with a straight look', () => {
    const turning = moments(challenge).map((t) => seriesSample(t, t < 2 ? { yaw: 30 * t - 30 } : act(challenge, t)));
    expect(verdict({ observations: turning }).unable).toEqual(['actions', 'eyes', 'depth', 'motion']);
  });
});
