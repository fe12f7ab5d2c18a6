/** Seconds by which an edit list may be shorter than its track without cutting a picture off. */
const graceS = 0.004;

interface Box {
  type: string;
  body: Buffer;
}

/** The boxes side by side in some bytes; ends where they stop making sense. */
function* boxes(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length < 8 || at + length > bytes.length) return;
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + length) };
    at += length;
  }
}

function inside(bytes: Buffer | undefined, ...path: string[]): Buffer | undefined {
  for (const name of path) {
    if (bytes === undefined) return undefined;
    bytes = [...boxes(bytes)].find(({ type }) => type === name)?.body;
  }
  return bytes;
}

/** Time scale and duration of an `mvhd` or `mdhd` (ISO 14496-12, 8.2.2 and 8.4.2). */
function clock(body: Buffer | undefined): { scale: number; durationS: number } {
  const long = body?.[0] === 1;
  if (body === undefined || body.length < (long ? 32 : 20)) return { scale: 0, durationS: 0 };
  const scale = body.readUInt32BE(long ? 20 : 12);
  const duration = long ? Number(body.readBigUInt64BE(24)) : body.readUInt32BE(16);
  return { scale, durationS: scale > 0 ? duration / scale : 0 };
}

/** The pieces of a track that its edit list (8.6.6) shows: where each starts, in the track's own unit, and its seconds. */
function pieces(elst: Buffer | undefined, scale: number): { start: number; seconds: number }[] {
  if (elst === undefined || elst.length < 8 || scale === 0) return [];
  const long = elst[0] === 1;
  const step = long ? 20 : 12;
  const found: { start: number; seconds: number }[] = [];
  for (let at = 8; at + step <= elst.length; at += step) {
    const duration = long ? Number(elst.readBigUInt64BE(at)) : elst.readUInt32BE(at);
    const start = long ? Number(elst.readBigInt64BE(at + 8)) : elst.readInt32BE(at + 4);
    // A negative start is a pause, not a piece of the track.
    if (start >= 0) found.push({ start, seconds: duration / scale });
  }
  return found;
}

/** How much later than it is decoded the first picture is shown (8.6.1.3), in the track's own unit. */
function delay(ctts: Buffer | undefined): number {
  return ctts === undefined || ctts.length < 16 ? 0 : ctts.readInt32BE(12);
}

/**
 * True when an edit list leaves out a part of a picture track: then fewer pictures are shown than the track has.
 * @param moov content of the `moov` box
 */
export function trims(moov: Buffer): boolean {
  const { scale } = clock(inside(moov, 'mvhd'));
  for (const { type, body } of boxes(moov)) {
    if (type !== 'trak' || inside(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12) !== 'vide') continue;
    const [first, ...more] = pieces(inside(body, 'edts', 'elst'), scale);
    if (first === undefined) continue;
    const media = clock(inside(body, 'mdia', 'mdhd'));
    const endS = media.scale > 0 ? first.start / media.scale + first.seconds : Infinity;
    const late = first.start > delay(inside(body, 'mdia', 'minf', 'stbl', 'ctts'));
    // No seconds: a fragmented file, or all that there is.
    if (more.length > 0 || late || (first.seconds > 0 && endS + graceS < media.durationS)) return true;
  }
  return false;
}
