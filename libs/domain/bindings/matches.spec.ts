import type { Segment, VerifyReport } from '#contracts';
import { assertDecided, foundIn } from './matches.js';

type Findings = Parameters<typeof foundIn>[0];
const [A, B, C] = ['a'.repeat(16), 'b'.repeat(16), 'c'.repeat(16)] as const;

const piece = (startS: number, endS: number, releaseId: string | null, by: Segment['by']): Segment => ({
  ...{ track: 'picture', startS, endS, releaseId, by, releaseStartS: null },
  state: releaseId === null ? 'other' : 'ours',
});

function findings(given: {
  /** A release id, or `unable`. */
  mark?: string;
  picture?: Partial<VerifyReport['fingerprint']['picture']>;
  segments?: Segment[];
  registry?: Partial<VerifyReport['registry']>;
}): Findings {
  const { mark, picture, segments = [], registry } = given;
  const state = mark === undefined ? 'none' : mark === 'unable' ? 'unable' : 'found';
  const base = { algorithm: 'vpdq', releaseId: null, share: null, distance: null, threshold: 31, compared: 9 };
  return {
    watermark: {
      ...{ state, releaseId: state === 'found' ? mark! : null, z: null, threshold: 13.5, falsePositiveBound: 0 },
      ...{ framesUsed: 9, geometry: null },
    },
    fingerprint: { picture: { ...base, state: 'none', ...picture }, sound: { ...base, state: 'not_run' } },
    segments,
    registry: { state: 'unknown', releaseId: null, releasedAt: null, by: null, ...registry },
  };
}

const near = (releaseId: string, share: number) => ({ state: 'near' as const, releaseId, share });

describe('what an examined file leads to', () => {
  it.each<[string, Findings, { releaseId: string; score: number | null }[]]>([
    ['nothing', findings({}), []],
    [
      'the same bytes',
      findings({ registry: { state: 'withdrawn', releaseId: A, by: 'sha256' } }),
      [{ releaseId: A, score: 100 }],
    ],
    ['a mark with near pictures', findings({ mark: A, picture: near(A, 0.4) }), [{ releaseId: A, score: 100 }]],
    ['near pictures alone', findings({ picture: near(A, 0.404) }), [{ releaseId: A, score: 40 }]],
    ['a trace of near pictures', findings({ picture: near(A, 0.001) }), [{ releaseId: A, score: 1 }]],
    ['a mark on unlike pictures', findings({ mark: A }), [{ releaseId: A, score: 0 }]],
    ['a mark on the pictures of another release', findings({ mark: A, picture: near(B, 0.9) }), [{ releaseId: B, score: 90 }, { releaseId: A, score: 0 }]], // prettier-ignore
    ['a mark where nothing could be compared', findings({ mark: A, picture: { state: 'unable' } }), [{ releaseId: A, score: null }]], // prettier-ignore
    ['pieces of several', findings({ picture: near(A, 0.5), segments: [piece(0, 5, A, ['fingerprint']), piece(5, 7, B, ['watermark', 'fingerprint']), piece(7, 8, C, ['watermark']), piece(8, 10, null, [])] }), [{ releaseId: A, score: 50 }, { releaseId: B, score: 20 }, { releaseId: C, score: 0 }]], // prettier-ignore
    ['a release that only the register names by manifest', findings({ registry: { state: 'known', releaseId: A, by: 'manifest' } }), []], // prettier-ignore
    ['a piece of sound', findings({ segments: [{ ...piece(0, 5, A, ['fingerprint']), track: 'sound' }] }), []],
  ])('%s', (_, given, expected) => expect(foundIn(given)).toEqual(expected));

  it('is left to what one kind of binding says', () => {
    const both = findings({ mark: A, picture: near(B, 0.9) });
    expect(foundIn(both, 'watermark')).toEqual([{ releaseId: A, score: 0 }]);
    expect(foundIn(both, 'fingerprint')).toEqual([{ releaseId: B, score: 90 }]);
    const same = findings({ registry: { state: 'same_bytes', releaseId: A, by: 'sha256' } });
    expect(foundIn(same, 'fingerprint')).toEqual(foundIn(same, 'watermark'));
  });
});

describe('"no match"', () => {
  it.each<[string, Findings, string, boolean]>([
    ['the pictures could not be decoded', findings({ mark: 'unable' }), 'content_not_examined', true],
    ['the register could not be asked', findings({ registry: { state: 'unable' } }), 'matches_undecided', true],
    ['the pictures could not be compared', findings({ picture: { state: 'unable' } }), 'matches_undecided', false],
  ])('is not said when %s', (_, given, code, ofMarks) => {
    expect(() => assertDecided(given)).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => assertDecided(given, 'fingerprint')).toThrow(expect.objectContaining({ code }) as Error);
    const marks = expect(() => assertDecided(given, 'watermark'));
    if (ofMarks) marks.toThrow(expect.objectContaining({ code }) as Error);
    else marks.not.toThrow();
  });

  it('is said when all was looked at, or there was nothing to compare', () => {
    expect(() => assertDecided(findings({}))).not.toThrow();
    expect(() => assertDecided(findings({ picture: { state: 'not_run' } }))).not.toThrow();
  });
});
