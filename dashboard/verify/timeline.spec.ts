import type { Segment, VerifyReport } from '#contracts';
import { barsOf } from './timeline.js';

const part = (track: Segment['track'], startS: number, endS: number, releaseId: string | null): Segment => ({
  track,
  startS,
  endS,
  releaseId,
  state: releaseId ? 'ours' : 'other',
  releaseStartS: null,
  by: [],
});
const bars = (segments: Segment[], durationS?: number) => {
  const container = durationS === undefined ? null : { durationS };
  return barsOf({ segments, file: { container } } as unknown as VerifyReport);
};

describe('the bars', () => {
  it('are shares of the length of the file, in order, lettered where there is more than one release', () => {
    const { durationS, tracks } = bars(
      [part('picture', 5, 10, 'x'), part('picture', 0, 5, null), part('sound', 0, 10, 'y')],
      20,
    )!;
    expect(durationS).toBe(20);
    expect(tracks.map(({ track, parts }) => [track, parts.map((p) => [p.from, p.width, p.letter])])).toEqual([
      [
        'picture',
        [
          [0, 0.25, null],
          [0.25, 0.25, 'A'],
        ],
      ],
      ['sound', [[0, 0.5, 'B']]],
    ]);
  });

  it('reach as far as their last part where the length is not known, or wrong', () => {
    expect([bars([part('sound', 0, 8, 'x')])!.durationS, bars([part('sound', 0, 8, 'x')], 2)!.durationS]).toEqual([
      8, 8,
    ]);
  });

  it('are none without parts or without a length', () => {
    expect([bars([], 5), bars([part('picture', 0, 0, 'x')])]).toEqual([null, null]);
  });
});
