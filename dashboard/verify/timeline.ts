import type { Segment, VerifyReport } from '#contracts';

/** A part of a track, placed on a bar. Shares are of the whole length, 0 to 1. */
export interface Part extends Segment {
  from: number;
  width: number;
  /** Letter of the release, where the file points to more than one. */
  letter: string | null;
}

/** What the bars show. */
export interface Bars {
  durationS: number;
  tracks: { track: Segment['track']; parts: Part[] }[];
}

const A = 'A'.charCodeAt(0);

/** Places the segments of a report; null where it has none, or none that has a length. */
export function barsOf({ segments, file }: Pick<VerifyReport, 'segments' | 'file'>): Bars | null {
  const durationS = Math.max(file.container?.durationS ?? 0, ...segments.map(({ endS }) => endS));
  if (!segments.length || !(durationS > 0) || !Number.isFinite(durationS)) return null;
  const releases = [...new Set(segments.flatMap(({ releaseId }) => releaseId ?? []))];
  const letterOf = (id: string | null) =>
    id === null || releases.length < 2 ? null : String.fromCharCode(A + (releases.indexOf(id) % 26));
  const within = (second: number) => Math.min(Math.max(second / durationS, 0), 1);
  const tracks = (['picture', 'sound'] as const).flatMap((track) => {
    const parts = segments
      .filter((segment) => segment.track === track)
      .sort((a, b) => a.startS - b.startS)
      .map((segment) => {
        const from = within(segment.startS);
        return { ...segment, from, width: within(segment.endS) - from, letter: letterOf(segment.releaseId) };
      });
    return parts.length ? [{ track, parts }] : [];
  });
  return { durationS, tracks };
}
