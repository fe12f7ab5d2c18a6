import type { Segment } from '#contracts';
import { MIN_QUALITY, SOUND_STEPS_PER_S, type SoundFingerprint } from '#engines/fingerprint';
import type { Outcome, Traced, TracedPictures } from '#domain/examination';
import type { Run } from './likeness.js';

/** Seconds of one cell of the timeline. */
const CELL_S = 0.25;
/** Cells that may be missing inside or at the ends of a piece: one second. */
const SMOOTHED = 4;
/** Cells at the ends of a track that are taken along with a piece that reaches so near ... */
const ENDS = 2;
/** ... and so many that hold nothing that could be compared. */
const BLANK_ENDS = 8;
/** A second of the release may be so much off before a new piece begins there. */
const JUMP_S = 0.6;
/** A stretch by itself counts only when its id was decoded there, not just expected. */
const ALONE_Z = 13.5;

/** A stretch of the file that points to one release. */
interface Claim {
  releaseId: string;
  by: Segment['by'][number];
  startS: number;
  endS: number;
  /** Second of the release less second of the file; null where only a mark points to it. */
  offsetS: number | null;
}

/** Stretches that carry a mark; one that stands alone and was only expected is taken for noise. */
function marked(windows: TracedPictures['windows']): Claim[] {
  return windows.flatMap(({ startS, endS, releaseId, z }, i) => {
    if (releaseId === null) return [];
    const beside = [windows[i - 1], windows[i + 1]].some((one) => one?.releaseId === releaseId);
    return beside || z >= ALONE_Z ? [{ releaseId, by: 'watermark' as const, startS, endS, offsetS: null }] : [];
  });
}

const alike = (runs: readonly Run[]): Claim[] =>
  runs.map(({ releaseId, startS, endS, releaseStartS }) => ({
    ...{ releaseId, by: 'fingerprint' as const, startS, endS },
    offsetS: releaseStartS - startS,
  }));

interface Cell {
  by: Set<Claim['by']>;
  offsetS: number | null;
}

const cellsUntil = (endS: number) => Math.max(0, Math.ceil(endS / CELL_S - 1e-6));

/** The cells of one release, by number. */
function cellsOf(claims: readonly Claim[], count: number): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  for (const { by, startS, endS, offsetS } of claims) {
    for (let at = Math.round(startS / CELL_S); at < Math.min(count, Math.round(endS / CELL_S)); at++) {
      const cell = cells.get(at) ?? { by: new Set(), offsetS: null };
      cell.by.add(by);
      cell.offsetS ??= offsetS;
      cells.set(at, cell);
    }
  }
  return cells;
}

interface Piece {
  first: number;
  /** The cell after the last. */
  end: number;
  by: Set<Claim['by']>;
  offsetS: number | null;
}

/** Joins cells that follow each other; `open` cells, and a second at most, may lie between them. */
function piecesOf(cells: ReadonlyMap<number, Cell>, open: (from: number, to: number) => boolean): Piece[] {
  const pieces: Piece[] = [];
  for (const [at, { by, offsetS }] of [...cells].sort((a, b) => a[0] - b[0])) {
    const last = pieces.at(-1);
    const jumps = last && offsetS !== null && last.offsetS !== null && Math.abs(offsetS - last.offsetS) > JUMP_S;
    if (last && !jumps && (at - last.end <= SMOOTHED || open(last.end, at))) {
      last.end = at + 1;
      last.offsetS ??= offsetS;
      for (const one of by) last.by.add(one);
    } else pieces.push({ first: at, end: at + 1, by: new Set(by), offsetS });
  }
  return pieces;
}

interface Timeline {
  track: Segment['track'];
  endS: number;
  claims: Claim[];
  holes: readonly { startS: number; endS: number }[];
  /** Cells that hold nothing that could be compared. */
  blank: (cell: number) => boolean;
  /** What is said of seconds that point to no release. */
  rest: 'other' | 'unable';
}

const order: Segment['by'] = ['watermark', 'fingerprint'];

/** The timeline of one track: pieces of releases, and what lies between them. */
function timeline({ track, endS, claims, holes, blank, rest }: Timeline): Segment[] {
  const count = cellsUntil(endS);
  const lost = new Set(
    holes.flatMap((hole) => {
      const first = Math.ceil(hole.startS / CELL_S);
      return Array.from({ length: Math.max(0, Math.floor(hole.endS / CELL_S) - first) }, (_, i) => first + i);
    }),
  );
  const every = (from: number, to: number, test: (cell: number) => boolean) => {
    for (let at = from; at < to; at++) if (!test(at)) return false;
    return true;
  };
  const empty = (cell: number) => blank(cell) && !lost.has(cell);
  const taken = new Set<number>();
  const segments: Segment[] = [];
  const timeOf = (cell: number) => Math.min(endS, cell * CELL_S);
  for (const releaseId of new Set(claims.map((one) => one.releaseId))) {
    const own = cellsOf(claims.filter((one) => one.releaseId === releaseId), count); // prettier-ignore
    for (const cell of lost) own.delete(cell);
    for (const piece of piecesOf(own, (from, to) => every(from, to, empty))) {
      const reaches = (from: number, to: number) =>
        to - from <= ENDS || (to - from <= BLANK_ENDS && every(from, to, empty));
      if (reaches(0, piece.first)) piece.first = 0;
      if (reaches(piece.end, count)) piece.end = count;
      for (let at = piece.first; at < piece.end; at++) taken.add(at);
      const startS = timeOf(piece.first);
      segments.push({
        ...{ track, startS, endS: timeOf(piece.end), state: 'ours', releaseId },
        releaseStartS: piece.offsetS === null ? null : Math.max(0, startS + piece.offsetS),
        by: order.filter((one) => piece.by.has(one)),
      });
    }
  }
  for (let at = 0; at < count; at++) {
    if (taken.has(at)) continue;
    const state = lost.has(at) ? 'unable' : rest;
    const last = segments.at(-1);
    if (last?.state === state && Math.abs(last.endS - timeOf(at)) < 1e-6) last.endS = timeOf(at + 1);
    else segments.push({ track, startS: timeOf(at), endS: timeOf(at + 1), state, releaseId: null, releaseStartS: null, by: [] }); // prettier-ignore
  }
  return segments.sort((a, b) => a.startS - b.startS);
}

const lost = (track: Segment['track'], endS: number): Segment[] =>
  endS > 0 ? [{ track, startS: 0, endS, state: 'unable', releaseId: null, releaseStartS: null, by: [] }] : [];

/** Share of a second that must be loud enough for it to be compared, as `compareSound` has it. */
const HEARD = 0.75;

/** Cells in whose second the sound is silent, or which come after the last whole second that was compared. */
function silence({ usable }: SoundFingerprint): Timeline['blank'] {
  const seconds = Array.from({ length: Math.floor(usable.length / SOUND_STEPS_PER_S) }, (_, second) => {
    const [from, to] = [second, second + 1].map((one) => Math.round(one * SOUND_STEPS_PER_S));
    return usable.subarray(from, to).reduce((sum, one) => sum + one, 0) >= HEARD * (to! - from!);
  });
  return (cell) => !seconds[Math.floor(cell * CELL_S)];
}

/** Seconds by which a file may end before its header says so. */
const CUT_S = 1;

/**
 * Which seconds of a file are which release, track by track: pieces, what lies between them, and what could not be
 * looked at. Pieces that begin or end within half a second of a track's ends reach to them.
 * @param runs what fingerprints say; null for a track that was not compared with anything
 */
export function segmentsOf(
  traced: Pick<Traced, 'picture' | 'sound'> & { watermark: Pick<Outcome<unknown>, 'ok'> },
  runs: { picture: readonly Run[] | 'unable' | null; sound: readonly Run[] | 'unable' | null },
): Segment[] {
  const { watermark, picture, sound } = traced;
  const soundEndS = sound.ok ? (sound.value?.endS ?? 0) : 0;
  const heard = () => {
    if (!sound.ok) return lost('sound', picture.ok ? picture.value.endS : 0);
    if (!sound.value || runs.sound === null) return [];
    if (runs.sound === 'unable') return lost('sound', soundEndS);
    const blank = silence(sound.value.fingerprint);
    return timeline({ track: 'sound', endS: soundEndS, claims: alike(runs.sound), holes: [], blank, rest: 'other' });
  };
  if (!picture.ok) return [...lost('picture', soundEndS), ...heard()];
  const { endS, claimedS, windows, frames } = picture.value;
  // Where both tracks end long before the file should, its end is missing.
  const cutOff = claimedS > Math.max(endS, soundEndS) + CUT_S;
  const holes = [...picture.value.holes, ...(cutOff ? [{ startS: endS, endS: claimedS }] : [])];
  const seen = new Set(frames.filter(({ quality }) => quality >= MIN_QUALITY).map(({ timeMs }) => Math.floor(timeMs / 1000 / CELL_S))); // prettier-ignore
  const compared = Array.isArray(runs.picture) ? (runs.picture as readonly Run[]) : [];
  return [
    ...timeline({
      track: 'picture',
      endS: cutOff ? claimedS : endS,
      claims: [...marked(windows), ...alike(compared)],
      holes,
      blank: (cell) => !seen.has(cell),
      rest: watermark.ok && runs.picture !== 'unable' ? 'other' : 'unable',
    }),
    ...heard(),
  ];
}
