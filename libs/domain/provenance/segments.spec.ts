import type { TracedPictures } from '#domain/examination';
import { segmentsOf } from './segments.js';

const [A, B] = ['a'.repeat(16), 'b'.repeat(16)];

/** Half-second stretches of a mark: a letter for each, `.` for none; small letters were only expected. */
function windows(letters: string): TracedPictures['windows'] {
  return [...letters].map((letter, i) => ({
    ...{ startS: i / 2, endS: (i + 1) / 2, frames: 4 },
    releaseId: letter === '.' ? null : letter.toLowerCase().repeat(16),
    z: letter === '.' ? 3 : letter === letter.toUpperCase() ? 20 : 8,
  }));
}

function pictures(changes: Partial<TracedPictures> = {}): { ok: true; value: TracedPictures } {
  const frames = Array.from({ length: 80 }, (_, i) => {
    const hash = new Uint32Array(8);
    return { timeMs: 125 * i, quality: 90, hash, mirrored: hash };
  });
  return { ok: true, value: { endS: 10, claimedS: 10, holes: [], windows: [], frames, displaced: null, ...changes } };
}

const silent = { ok: true, value: null } as const;
const read = { ok: true } as const;
const run = (releaseId: string, startS: number, endS: number, releaseStartS: number) => ({
  ...{ releaseId, startS, endS, releaseStartS, distance: 10 },
});

function told(picture: ReturnType<typeof pictures>, runs: ReturnType<typeof run>[] | 'unable' | null = []) {
  const segments = segmentsOf({ watermark: read, picture, sound: silent }, { picture: runs, sound: null });
  return segments.map(({ startS, endS, state, releaseId, by }) => [
    startS,
    endS,
    state,
    releaseId?.[0] ?? '',
    by.join(),
  ]);
}

describe('the timeline of the pictures', () => {
  it('is one piece where all is ours, whatever single stretches say', () => {
    const value = pictures({ windows: windows('AA.AAAAAA..AAAAAAAA.') });
    expect(told(value, [run(A, 0, 9.75, 0)])).toEqual([[0, 10, 'ours', 'a', 'watermark,fingerprint']]);
    expect(told(value)).toEqual([[0, 10, 'ours', 'a', 'watermark']]);
  });

  it('shows where a piece begins and ends, by either sign', () => {
    const half = [[0, 4, 'other', '', ''], [4, 8, 'ours', 'a', 'watermark'], [8, 10, 'other', '', '']]; // prettier-ignore
    expect(told(pictures({ windows: windows('........AAAAAAAA....') }))).toEqual(half);
    expect(told(pictures(), [run(B, 0.25, 4.25, 3)])).toEqual([[0, 4.25, 'ours', 'b', 'fingerprint'], [4.25, 10, 'other', '', '']]); // prettier-ignore
  });

  it('takes one stretch that was only expected for noise, and one that was decoded for a piece', () => {
    expect(told(pictures({ windows: windows('......a.............') }))).toEqual([[0, 10, 'other', '', '']]);
    expect(told(pictures({ windows: windows('......A.............') }))[1]).toEqual([3, 3.5, 'ours', 'a', 'watermark']);
  });

  it('shows two releases that meet, and a release that jumps', () => {
    expect(told(pictures({ windows: windows('AAAAAAAAAABBBBBBBBBB') })).map(([, , , id]) => id)).toEqual(['a', 'b']);
    const jump = told(pictures({ windows: windows('AAAAAAAAAAAAAAAAAAAA') }), [run(A, 0, 5, 0), run(A, 5, 10, 7)]);
    expect(jump.map(([startS, endS]) => [startS, endS])).toEqual([[0, 5], [5, 10]]); // prettier-ignore
  });

  it('joins a piece over black, and says so where frames could not be decoded', () => {
    const { value } = pictures({ windows: windows('AAAAAA........AAAAAA') });
    const frames = value.frames.map((one) => (one.timeMs >= 3000 && one.timeMs < 7000 ? { ...one, quality: 0 } : one));
    expect(told({ ok: true, value: { ...value, frames } })).toHaveLength(1);
    expect(
      told(pictures({ windows: value.windows, holes: [{ startS: 3, endS: 7 }] })).map(([, , state]) => state),
    ).toEqual(['ours', 'unable', 'ours']);
    expect(told(pictures({ claimedS: 14 })).at(-1)).toEqual([10, 14, 'unable', '', '']);
  });

  it('is unable where a check failed and nothing was found', () => {
    expect(told(pictures(), 'unable')).toEqual([[0, 10, 'unable', '', '']]);
    expect(told(pictures(), null)).toEqual([[0, 10, 'other', '', '']]);
    const gone = { ok: false, reason: 'it broke' } as const;
    const none = segmentsOf({ watermark: gone, picture: gone, sound: gone }, { picture: 'unable', sound: 'unable' });
    expect(none).toEqual([]);
  });
});

it('carries a piece of sound over silence and to the end that could not be compared', () => {
  const usable = new Uint8Array(740).fill(1).fill(0, 260, 430);
  const fingerprint = {
    algorithm: 'haitsma-kalker' as const,
    words: new Uint32Array(740),
    weak: new Uint8Array(2220),
    usable,
  };
  const sound = { ok: true as const, value: { endS: 9, fingerprint } };
  const runs = [run(A, 0, 3, 1), run(A, 5, 8, 6)];
  const all = segmentsOf({ watermark: read, picture: pictures(), sound }, { picture: [], sound: runs });
  expect(all.filter(({ track }) => track === 'sound')).toEqual([
    { track: 'sound', startS: 0, endS: 9, state: 'ours', releaseId: A, releaseStartS: 1, by: ['fingerprint'] },
  ]);
});
