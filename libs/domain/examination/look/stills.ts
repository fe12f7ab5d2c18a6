import { decodeImageFrame, makeJpeg, makeStill, type WatchedFrame } from '#engines/media';
import type { FaceSighting, ScreenText, Signal } from '#contracts';
import type { Looked } from '../tasks.js';

/** Longer side of what is kept of every frame looked at, in pixels. */
const KEPT_SIDE = 480;
/** Stills of one clip. */
const MOST_STILLS = 12;
/** Findings below this are not worth a picture. */
const WORTH = 0.15;

/** Small pictures of the frames that were looked at: a moderator sees the moments, a remote moderator a selection. */
export class StillKeeper {
  private readonly kept: { timeS: number; jpeg: Uint8Array }[] = [];

  async look(frame: WatchedFrame): Promise<void> {
    this.kept.push({ timeS: frame.timeS, jpeg: await makeJpeg(frame, KEPT_SIDE) });
  }

  finish(): StillKeeper {
    return this;
  }

  /** The frame nearest to a moment. */
  private nearest(atS: number): { timeS: number; jpeg: Uint8Array } | undefined {
    return [...this.kept].sort((a, b) => Math.abs(a.timeS - atS) - Math.abs(b.timeS - atS))[0];
  }

  /** Stills of the moments, each frame once, in order of time. */
  async stills(moments: readonly number[]): Promise<Looked['stills']> {
    const chosen = new Set(moments.map((atS) => this.nearest(atS)).filter((one) => one !== undefined));
    const ordered = [...chosen].slice(0, MOST_STILLS).sort((a, b) => a.timeS - b.timeS);
    const stills: Looked['stills'] = [];
    for (const { timeS, jpeg } of ordered) {
      const frame = await decodeImageFrame(Buffer.from(jpeg), { maxSide: KEPT_SIDE });
      stills.push({ id: `still_${stills.length + 1}`, atS: timeS, ...(await makeStill(frame)) });
    }
    return stills;
  }

  /** At most `count` frames for a remote moderator: those of the moments first, then evenly spread ones. */
  images(moments: readonly number[], count: number): Looked['images'] {
    const spread = Array.from(
      { length: count },
      (_, i) => this.kept[Math.floor(((i + 0.5) * this.kept.length) / count)],
    );
    const hot = moments.slice(0, Math.floor(count / 2)).map((atS) => this.nearest(atS));
    const chosen = new Set([...hot, ...spread].filter((one) => one !== undefined));
    return [...chosen].slice(0, count).sort((a, b) => a.timeS - b.timeS);
  }
}

/** The seconds worth a picture, the most telling first: findings, faces, words; the middle when there is nothing. */
export function moments(
  signals: readonly Signal[],
  faces: readonly FaceSighting[],
  texts: readonly ScreenText[],
  durationS: number,
): number[] {
  const found = signals
    .filter(({ score, at }) => at !== undefined && (score ?? 0) >= WORTH)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map(({ at }) => (at!.fromS + at!.toS) / 2);
  const seen = faces.slice(0, 4).map(({ atS }) => atS);
  const marks = texts.filter(({ kind }) => kind !== 'text');
  const read = [...marks, ...texts.filter(({ kind }) => kind === 'text')].slice(0, 4);
  return [...found.slice(0, 6), ...seen, ...read.map(({ fromS, toS }) => (fromS + toS) / 2), durationS / 2];
}
