import { FACE_THRESHOLDS } from '#engines/faces';
import type { FaceHit } from './register.js';
import { judgeFace, levelsFor } from './rule.js';

const hit = (id: string, score: number, dlibDistance = 0.5, tenantId = 'ten_a'): FaceHit => ({
  subject: { kind: id.startsWith('prot') ? 'protected' : 'person', id, tenantId },
  ...{ score, dlibDistance },
});

/** @param twins pairs of ids that are one person */
const judge = (hits: FaceHit[], agreed: string[], twins: string[][] = [], sizes = { persons: 5, shielded: 5 }) =>
  judgeFace(
    {
      tenantId: 'ten_a',
      persons: hits.filter(({ subject }) => subject.kind === 'person'),
      shielded: hits.filter(({ subject }) => subject.kind === 'protected'),
      levels: levelsFor(sizes),
    },
    new Set(agreed),
    async (a, b) => a === b || twins.some((pair) => pair.includes(a) && pair.includes(b)),
  );

describe('a face', () => {
  it('of a person who agreed, blended with somebody else, does not pass', async () => {
    const own = hit('char_own', 0.45, 0.35);
    expect(await judge([own], ['char_own'])).toEqual({ verdict: 'agreed', personId: 'char_own' });
    expect(await judge([own, hit('char_other', 0.32, 0.39)], ['char_own'])).toMatchObject({ verdict: 'refused' });
    expect(await judge([own, hit('char_other', 0.24)], ['char_own'])).toMatchObject({ verdict: 'doubtful' });
    expect(await judge([own, hit('prot_x', 0.24)], ['char_own'])).toMatchObject({ verdict: 'refused' });
    expect(await judge([own, hit('char_other', 0.19)], ['char_own'])).toMatchObject({ verdict: 'agreed' });
    // Both agreed: nobody is smuggled in.
    expect(await judge([own, hit('char_other', 0.4, 0.3)], ['char_own', 'char_other'])).toMatchObject({
      verdict: 'agreed',
    });
  });

  it('of one person with two records is that person', async () => {
    const hits = [hit('char_abroad', 0.6, 0.3, 'ten_b'), hit('char_own', 0.5, 0.3)];
    expect(await judge(hits, ['char_own'], [['char_abroad', 'char_own']])).toMatchObject({ verdict: 'agreed' });
    expect(await judge(hits, ['char_own'])).toMatchObject({ verdict: 'refused' });
    // In a reference nobody agreed yet: the record of the tenant is asked, not the one abroad.
    expect(await judge(hits, [], [['char_abroad', 'char_own']])).toMatchObject({
      verdict: 'refused',
      subjects: [{ id: 'char_own' }],
    });
  });

  it('made of two strangers names both', async () => {
    const found = await judge([hit('char_a', 0.4, 0.35), hit('char_b', 0.38, 0.36)], []);
    expect(found).toMatchObject({ verdict: 'refused', subjects: [{ id: 'char_a' }, { id: 'char_b' }] });
  });

  it('near somebody protected is held by a threshold that rises with the register', async () => {
    const at = (shielded: number) => levelsFor({ persons: 1, shielded });
    expect(at(1).hold).toBe(FACE_THRESHOLDS.gallery.fused);
    expect(at(10).hold).toBeCloseTo(0.153, 3);
    expect(at(20).hold).toBeCloseTo(0.197, 3);
    expect(at(10_000)).toMatchObject({ hold: 0.2, refuse: 0.3 });
    const sizes = { persons: 1, shielded: 10 };
    expect(await judge([hit('prot_x', 0.1)], [], [], sizes)).toEqual({ verdict: 'nobody' });
    expect(await judge([hit('prot_x', 0.16)], [], [], sizes)).toMatchObject({ verdict: 'doubtful' });
    expect(await judge([hit('prot_x', 0.21)], [], [], sizes)).toMatchObject({ verdict: 'refused' });
    const many = { persons: 1, shielded: 10_000 };
    expect(await judge([hit('prot_x', 0.25)], [], [], many)).toMatchObject({ verdict: 'doubtful' });
    expect(await judge([hit('prot_x', 0.31)], [], [], many)).toMatchObject({ verdict: 'refused' });
  });
});
