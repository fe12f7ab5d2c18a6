import type { LabelKind, LabelProfile } from '#contracts';

/** Pixels in a frame, whole and even. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Share of each side that screens and players may cover (title-safe area, SMPTE ST 2046-1: the inner 90 %). */
const UNSAFE = 0.05;

/** Seconds that a moving name stays in one place: three places in the shortest clip that is sold. */
export const STAY_S = 1.5;

/**
 * Middles of the places of a moving name, as fractions of the safe area. Left, right and middle, above and below: half
 * a picture, cut off anywhere, still shows one of them.
 */
const PLACES = [
  [0, 0.3],
  [1, 0.68],
  [0.5, 0.5],
] as const;

const even = (value: number) => Math.max(0, 2 * Math.round(value / 2));

/**
 * Height in pixels of the capital letters of the main words: a twentieth of the shorter side (as GB 45438-2025 asks),
 * a fifth more when the frame lies, since phones show such frames smaller.
 */
export function capHeight(width: number, height: number): number {
  return Math.min(width, height) * (width > height ? 0.06 : 0.05);
}

/** Widest that a part may be, in pixels. */
export function safeWidth(width: number): number {
  return width * (1 - 2 * UNSAFE);
}

function placed(size: Pick<Box, 'width' | 'height'>, x: number, y: number, frame: Pick<Box, 'width' | 'height'>): Box {
  const free = (side: number, own: number) => Math.max(0, side * (1 - 2 * UNSAFE) - own);
  return {
    ...size,
    left: even(frame.width * UNSAFE + free(frame.width, size.width) * x),
    top: even(frame.height * UNSAFE + free(frame.height, size.height) * y),
  };
}

/**
 * Where a part of a label lies at `timeS`, inside the title-safe area.
 * @param size of the drawing, even
 */
export function boxAt(
  kind: LabelKind,
  position: LabelProfile['position'],
  size: Pick<Box, 'width' | 'height'>,
  frame: Pick<Box, 'width' | 'height'>,
  timeS: number,
): Box {
  if (kind === 'name') {
    const [x, y] = PLACES[Math.floor(timeS / STAY_S) % PLACES.length]!;
    return placed(size, x, y, frame);
  }
  const right = position.endsWith('right') ? 1 : 0;
  const bottom = position.startsWith('bottom') ? 1 : 0;
  return kind === 'eu' ? placed(size, right, bottom, frame) : placed(size, 1 - right, 1 - bottom, frame);
}
