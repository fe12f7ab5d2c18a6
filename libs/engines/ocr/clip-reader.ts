import { type ScreenText } from '#contracts';
import { checkFrame, type PixelFrame } from '#engines/pixels';
import { cellsOf, changeOf } from './change.js';
import { spelled } from './combine.js';
import { detectLines } from './detect.js';
import { type Engines, type QuickLine, readQuickly } from './engines.js';
import { OcrError } from './errors.js';
import { kindOf } from './kinds.js';
import { alike, type Likeness, likenessOf } from './likeness.js';
import { credible, type Line, mergeTexts, MOST_CHARACTERS, vote } from './lines.js';
import { cornersOf, frameBoxOf, inReadingOrder } from './quads.js';
import { around, isWhole, rowsOf } from './rows.js';
import { type ClipReader, type FoundLine, type Quad } from './types.js';
import { sameLine } from './words.js';

/** Longer side of the quick look at every frame that changed: letters of 24 px in 1280 are found. */
export const COARSE_SIDE = 320;
/** Longer side of the closer look: letters of 14 px in 1280 are found. */
export const FINE_SIDE = 640;
/** After this many changed frames without a closer look there is one, for letters that the quick look misses. */
const FINE_EVERY = 11;
/** A line is looked for in place, and known again elsewhere, for this many frames after it was seen. */
const REMEMBERED = 4;
/** Height of a line, as a share of the longer side of its frame, below which the quick look may miss it. */
const SMALL = 0.028;
/** Most lines taken from one frame, the largest first. */
const MOST_LINES = 24;
/** Quick readings a clip may have: so many at first, and so many more a second. */
const QUICK_AT_FIRST = 16;
const QUICK_A_SECOND = 2;
/** Careful readings a clip may have. */
const CAREFUL_AT_FIRST = 12;
const CAREFUL_A_SECOND = 1;
/** A line is read in at most this many frames, until one reading is surer than {@link SURE}. */
const MOST_VOTES = 3;
const SURE = 0.95;
/** Strips that turned out to be no text and are not read again. */
const MOST_REFUSED = 32;

/** Looks for text in a whole frame, shrunk so that the longer side has at most `side` pixels. */
export function detectWhole(engines: Engines, frame: PixelFrame, side: number): Promise<FoundLine[]> {
  const { width, height } = frame;
  const scale = Math.min(1, side / Math.max(width, height));
  return detectLines(engines.detector, frame, { box: { x: 0, y: 0, width, height }, scale });
}

/**
 * Looks closely at the part of a frame that holds some boxes, with room for letters that were overlooked and for a line
 * that moved on.
 */
function detectNear(engines: Engines, frame: PixelFrame, near: readonly Quad[]): Promise<FoundLine[]> {
  const longest = Math.max(frame.width, frame.height);
  const corners = near.flatMap((quad) => {
    const room = 2 * quad.height + 0.02 * longest;
    return cornersOf({ ...quad, length: quad.length + 2 * room, height: quad.height + 2 * room });
  });
  const span = (values: number[], size: number) => {
    const from = Math.max(0, Math.floor(Math.min(...values)));
    return { from, size: Math.max(1, Math.min(size, Math.ceil(Math.max(...values))) - from) };
  };
  const across = span(corners.map(({ x }) => x), frame.width); // prettier-ignore
  const down = span(corners.map(({ y }) => y), frame.height); // prettier-ignore
  const box = { x: across.from, y: down.from, width: across.size, height: down.size };
  return detectLines(engines.detector, frame, { box, scale: Math.min(1, FINE_SIDE / longest) });
}

/** The largest boxes, at most `most`, in reading order. */
export function largest(found: readonly FoundLine[], most: number): Quad[] {
  const quads = found.map(({ quad }) => quad).sort((a, b) => b.length * b.height - a.length * a.height);
  return inReadingOrder(quads.slice(0, most), (quad) => quad);
}

/** Whether a box's middle lies in a known line of similar or larger size. */
function within(quad: Quad, line: Quad): boolean {
  const [dx, dy] = [quad.centre.x - line.centre.x, quad.centre.y - line.centre.y];
  const [cos, sin] = [Math.cos(line.angle), Math.sin(line.angle)];
  const along = Math.abs(dx * cos + dy * sin);
  const across = Math.abs(dy * cos - dx * sin);
  return along <= line.length / 2 && across <= 0.6 * line.height && quad.length <= 1.3 * line.length;
}

/** Whether a box shows a known line. The box is given the line's own size: the detector's boxes vary by a tenth. */
function isSame(frame: PixelFrame, line: Line, quad: Quad): boolean {
  const { length, height } = line.quad;
  if (Math.abs(quad.length - length) > 0.08 * length || Math.abs(quad.height - height) > 0.3 * height) return false;
  return alike(line.likeness, likenessOf(frame, { ...quad, length, height }));
}

class OneClip implements ClipReader {
  private lines: Line[] = [];
  /** Rows of parts that were read as one line already. */
  private readonly joined = new Set<string>();
  private readonly refused: Likeness[] = [];
  private examined: Float32Array | undefined;
  private frames = 0;
  private sinceFine = Infinity;
  /** Closer looks in a row that gave nothing, and quick finds still to be passed over because of them. */
  private dry = 0;
  private pass = 0;
  private quickLeft = QUICK_AT_FIRST;
  private startS = 0;
  private lastS = 0;
  private unread = 0;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly engines: Engines) {}

  get leftUnread(): number {
    return this.unread;
  }

  look(frame: PixelFrame): Promise<void> {
    const looked = this.queue.then(() => this.step(frame));
    this.queue = looked.catch(() => undefined);
    return looked;
  }

  private async step(frame: PixelFrame): Promise<void> {
    checkFrame(frame);
    const number = this.frames++;
    if (number === 0) this.startS = frame.timeS;
    else this.quickLeft += QUICK_A_SECOND * Math.min(5, Math.max(0, frame.timeS - this.lastS));
    this.lastS = frame.timeS;
    const cells = cellsOf(frame);
    if (this.examined && changeOf(this.examined, cells) === 0) {
      for (const line of this.lines) if (line.frames.has(number - 1)) this.see(line, frame, number);
      return;
    }
    this.examined = cells;
    this.sinceFine++;
    const recent = this.lines.filter((line) => Math.max(...line.frames) >= number - REMEMBERED);
    const present = recent.filter((line) => alike(line.likeness, likenessOf(frame, line.quad)));
    for (const line of present) this.see(line, frame, number);
    await this.readAgain(frame, present);
    if (this.sinceFine >= FINE_EVERY) {
      this.sinceFine = 0;
      return this.lookCloser(frame, number, present, null);
    }
    const known = (quad: Quad) => present.some((line) => within(quad, line.quad));
    const coarse = (await detectWhole(this.engines, frame, COARSE_SIDE)).map(({ quad }) => quad);
    const fresh = coarse.filter((quad) => !known(quad));
    const gone = recent.filter((line) => !present.includes(line) && line.frames.has(number - 1));
    const small = SMALL * Math.max(frame.width, frame.height);
    // A large line that the quick look does not see is gone; a small one may only have moved.
    const near = [...fresh, ...gone.map(({ quad }) => quad).filter(({ height }) => height < small)];
    if (near.length === 0) return;
    if (this.pass > 0 && gone.length === 0) this.pass--;
    else await this.lookCloser(frame, number, present, near);
  }

  private see(line: Line, { timeS }: PixelFrame, number: number): void {
    line.frames.add(number);
    line.toS = Math.max(line.toS, timeS);
  }

  /** Lines that were read with doubt get another vote. */
  private async readAgain(frame: PixelFrame, present: readonly Line[]): Promise<void> {
    const doubtful = present.filter((l) => l.readings.length < MOST_VOTES && l.best.confidence < SURE);
    const taken = doubtful.slice(0, Math.max(0, Math.floor(this.quickLeft)));
    this.quickLeft -= taken.length;
    const read = await Promise.all(taken.map((line) => readQuickly(this.engines, frame, line.quad)));
    read.forEach((quick, i) => this.addReading(taken[i] as Line, frame, quick));
  }

  private addReading(line: Line, frame: PixelFrame, { quad, chip, reading }: QuickLine): void {
    line.readings.push(reading);
    if (reading.confidence > line.best.confidence) line.best = { ...reading, chip, box: frameBoxOf(quad, frame) };
  }

  /** @param near boxes around which to look; null for the whole frame */
  private async lookCloser(
    frame: PixelFrame,
    number: number,
    present: readonly Line[],
    near: readonly Quad[] | null,
  ): Promise<void> {
    const looked = near ? detectNear(this.engines, frame, near) : detectWhole(this.engines, frame, FINE_SIDE);
    const found = (await looked).filter(({ quad }) => !present.some((line) => within(quad, line.quad)));
    this.unread += Math.max(0, found.length - MOST_LINES);
    const unknown: { quad: Quad; likeness: Likeness }[] = [];
    let gained = false;
    for (const quad of largest(found, MOST_LINES)) {
      const likeness = likenessOf(frame, quad);
      const moved = this.recent(number).find((line) => isSame(frame, line, quad));
      if (moved) {
        moved.quad = { ...moved.quad, centre: quad.centre, angle: quad.angle };
        this.see(moved, frame, number);
        gained = true;
      } else if (!this.refused.some((one) => alike(one, likeness))) {
        unknown.push({ quad, likeness });
      }
    }
    const taken = unknown.slice(0, Math.max(0, Math.floor(this.quickLeft)));
    this.quickLeft -= taken.length;
    this.unread += unknown.length - taken.length;
    const read = await Promise.all(taken.map(({ quad }) => readQuickly(this.engines, frame, quad)));
    read.forEach((quick, i) => {
      if (this.take(frame, number, quick, (taken[i] as { likeness: Likeness }).likeness)) gained = true;
    });
    if (gained) await this.joinRows(frame, number);
    this.dry = gained ? 0 : this.dry + 1;
    this.pass = Math.min(this.dry, 3);
  }

  /** Lines that the detector gave in parts are read once more as a whole, which takes the place of the parts. */
  private async joinRows(frame: PixelFrame, number: number): Promise<void> {
    for (const row of rowsOf(this.lines.filter(({ frames }) => frames.has(number)))) {
      const key = row.map(({ best }) => best.text).join('|');
      if (this.quickLeft < 1 || this.joined.has(key)) continue;
      this.joined.add(key);
      this.quickLeft--;
      const { quad, chip, reading } = await readQuickly(this.engines, frame, around(row));
      if (!credible(reading) || !isWhole(row, reading)) continue;
      this.lines = this.lines.filter((line) => !row.includes(line));
      this.lines.push({
        fromS: Math.min(...row.map(({ fromS }) => fromS)),
        toS: frame.timeS,
        frames: new Set(row.flatMap(({ frames }) => [...frames])),
        quad,
        likeness: likenessOf(frame, quad),
        readings: [reading],
        best: { ...reading, chip, box: frameBoxOf(quad, frame) },
      });
    }
  }

  private recent(number: number): Line[] {
    return this.lines.filter((line) => Math.max(...line.frames) >= number - REMEMBERED);
  }

  /** Adds a reading to the line it belongs to, or begins a line; false when it is no text. */
  private take(frame: PixelFrame, number: number, quick: QuickLine, likeness: Likeness): boolean {
    const { quad, chip, reading } = quick;
    if (!credible(reading)) {
      this.refused.push(likeness);
      if (this.refused.length > MOST_REFUSED) this.refused.shift();
      return false;
    }
    const same = this.recent(number).find((line) => !line.frames.has(number) && sameLine(line.best.text, reading.text));
    if (same) {
      this.addReading(same, frame, quick);
      Object.assign(same, { quad, likeness });
      this.see(same, frame, number);
      return true;
    }
    const { timeS } = frame;
    const best = { ...reading, chip, box: frameBoxOf(quad, frame) };
    this.lines.push({ fromS: timeS, toS: timeS, frames: new Set([number]), quad, likeness, readings: [reading], best });
    return true;
  }

  async finish(): Promise<ScreenText[]> {
    await this.queue;
    if (this.frames === 0) throw new OcrError('ocr_no_frames', 'No frame could be looked at.');
    const most = Math.floor(CAREFUL_AT_FIRST + CAREFUL_A_SECOND * (this.lastS - this.startS));
    const byWeight = [...this.lines].sort((a, b) => b.frames.size - a.frames.size || b.quad.height - a.quad.height);
    const texts = await Promise.all(byWeight.map((line, i) => this.textOf(line, i < most)));
    return mergeTexts(texts);
  }

  private async textOf(line: Line, carefully: boolean) {
    const voted = vote(line.readings);
    // The strip is that of the surest reading; where the others outvote it, its spelling does not count.
    const trusted = carefully && sameLine(voted.text, line.best.text);
    const { text, confidence } = trusted ? await spelled(this.engines.careful, line.best, line.best.chip) : voted;
    const { fromS, toS, frames, best } = line;
    const cut = [...text.trim()].slice(0, MOST_CHARACTERS).join('');
    return { text: cut, kind: kindOf(cut), fromS, toS, frames: frames.size, confidence, box: best.box, seen: frames };
  }
}

/** A fresh look at one clip. */
export function beginClip(engines: Engines): ClipReader {
  return new OneClip(engines);
}
