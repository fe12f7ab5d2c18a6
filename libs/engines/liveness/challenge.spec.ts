import { LivenessChallenge } from '#contracts';
import { challengeEntropy, createChallenge, instructionsOf, LivenessError } from './index.js';
import { seeded } from './testing/acting.js';

const now = new Date('2026-01-02T03:04:05.000Z');
const make = (over: Partial<Parameters<typeof createChallenge>[0]> = {}) =>
  createChallenge({ now, ttlS: 300, locale: 'en', ...over });

describe('createChallenge', () => {
  it('survives being written down and read again', () => {
    const challenge = make();
    expect(LivenessChallenge.parse(JSON.parse(JSON.stringify(challenge)))).toEqual(challenge);
    expect(Date.parse(challenge.expiresAt) - Date.parse(challenge.issuedAt)).toBe(300_000);
  });

  it('always asks for a turn and a blink, and never for two alike in a row', () => {
    for (let i = 0; i < 500; i++) {
      const actions = make().steps.map((s) => s.action.replace(/_once|_twice/, ''));
      expect(actions.some((a) => a.startsWith('turn'))).toBe(true);
      expect(actions).toContain('blink');
      expect(actions.every((a, k) => a !== actions[k - 1])).toBe(true);
    }
  });

  it('is as unpredictable as it says', () => {
    const bits = challengeEntropy();
    expect(bits.actions).toBeGreaterThan(10.9);
    expect(bits.pauses).toBe(8);
    expect(bits.code).toBeGreaterThan(14.2);
    const small = challengeEntropy(3);
    expect(small.actions).toBeGreaterThan(6);
    // Every sequence of length 3 that the entropy counts is drawn, about equally often.
    const random = seeded(7);
    const counts = new Map<string, number>();
    const [draws, kinds] = [20_000, Math.round(2 ** small.actions)];
    for (let i = 0; i < draws; i++) {
      const key = make({ steps: 3, random })
        .steps.map((s) => s.action)
        .join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(kinds);
    const chi2 = [...counts.values()].reduce((s, n) => s + (n - draws / kinds) ** 2 / (draws / kinds), 0);
    expect(chi2).toBeLessThan(kinds + 5 * Math.sqrt(2 * kinds));
  });

  it('draws every digit about equally often in every place, none twice in a row, and each nonce once', () => {
    const all = Array.from({ length: 4000 }, () => make());
    expect(new Set(all.map((c) => c.nonce)).size).toBe(4000);
    for (let place = 0; place < 5; place++) {
      for (const digit of '23456789') {
        const n = all.filter((c) => c.code[place] === digit).length;
        expect(Math.abs(n - 500)).toBeLessThan(6 * Math.sqrt(500));
      }
    }
    expect(all.some((c) => /(.)\1/.test(c.code))).toBe(false);
  });

  it('speaks English and French, and gives more time when asked', () => {
    const challenge = make({ locale: 'fr', pace: 'calm', steps: 3 });
    expect(instructionsOf(challenge, 'fr').steps).toEqual(challenge.steps.map((s) => s.instruction));
    expect(challenge.steps.every((s) => /^(Tournez|Levez|Baissez|Fermez)/.test(s.instruction))).toBe(true);
    expect(instructionsOf(challenge, 'en').code).toContain([...challenge.code].join(' '));
    expect(challenge.steps.every((s) => s.toS - s.fromS === 7)).toBe(true);
  });

  it('refuses a life that is too short or too long', () => {
    for (const ttlS of [0, 59, 3601, NaN]) expect(() => make({ ttlS })).toThrow(LivenessError);
  });
});
