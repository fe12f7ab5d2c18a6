import * as av from './native.js';

/** A 3x3 display matrix (ISO 14496-12, 8.3.2), 16.16 fixed point in the first two columns, or null when none. */
export function displayMatrix(stream: av.Stream): Int32Array | null {
  const data = stream.codecpar.getCodedSideData(av.AV_PKT_DATA_DISPLAYMATRIX);
  if (data === null || data.length < 36) return null;
  return Int32Array.from({ length: 9 }, (_, i) => data.readInt32LE(i * 4));
}

/** Degrees clockwise, 0..359, by which a player turns the picture; 0 for a matrix that is not a rotation. */
export function clockwise(matrix: Int32Array | null): number {
  if (matrix === null) return 0;
  const at = (i: number) => (matrix[i] ?? 0) / 65536;
  const scaleX = Math.hypot(at(0), at(3));
  const scaleY = Math.hypot(at(1), at(4));
  if (scaleX === 0 || scaleY === 0) return 0;
  const degrees = (Math.atan2(at(1) / scaleY, at(0) / scaleX) * 180) / Math.PI;
  return ((Math.round(degrees) % 360) + 360) % 360;
}

/**
 * FFmpeg filters that put a picture upright, as `ffmpeg -autorotate` does. Angles that are no multiple of 90
 * degrees, which no camera writes, are left alone.
 */
export function uprightFilters(matrix: Int32Array | null): string[] {
  if (matrix === null) return [];
  const at = (i: number) => matrix[i] ?? 0;
  switch (clockwise(matrix)) {
    case 90:
      return [at(3) > 0 ? 'transpose=cclock_flip' : 'transpose=clock'];
    case 270:
      return [at(3) < 0 ? 'transpose=clock_flip' : 'transpose=cclock'];
    case 180:
      return [...(at(0) < 0 ? ['hflip'] : []), ...(at(4) < 0 ? ['vflip'] : [])];
    case 0:
      return at(4) < 0 ? ['vflip'] : [];
    default:
      return [];
  }
}

/** True when the filters swap width and height. */
export function swapsSides(filters: string[]): boolean {
  return filters.some((f) => f.startsWith('transpose'));
}
