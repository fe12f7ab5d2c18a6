import { drawSprite, newBitmap, type Bitmap } from '../bitmap.js';
import { hsl, parseHex } from '../colour.js';
import { type Stage } from '../stage.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { cos, floor, hypot, round, sin } = Math;

/** Large soft discs of colour that drift through one another: what is drawn when nothing was understood. */
export function blobsOf(stage: Stage): (target: Bitmap, t: number) => void {
  const rng = stage.rng.fork('blobs');
  const hue = rng.range(0, 360);
  const blobs = Array.from({ length: 7 }, (_, i) => {
    const [r, g, b] = parseHex(hsl((hue + i * 32) % 360, 0.75, 0.62));
    const size = 96;
    const disc = newBitmap(size, size);
    for (let p = 0; p < disc.px.length; p++) {
      const d = hypot((p % size) - 47.5, floor(p / size) - 47.5) / 47;
      const a = d >= 1 ? 0 : round(215 * (1 - d * d) ** 1.3);
      const part = (v: number) => round((v * a) / 255);
      disc.px[p] = (a << 24) | (part(b) << 16) | (part(g) << 8) | part(r) | 0;
    }
    return {
      disc,
      x: rng.next(),
      y: rng.next(),
      a: rng.range(0.4, 1),
      b: rng.range(0.4, 1),
      phase: rng.range(0, 6.28),
      size: rng.range(1.6, 2.9),
    };
  });
  return (target, t) => {
    for (const blob of blobs) {
      const scale = (stage.unit * blob.size) / 96;
      const x = stage.width * (blob.x + 0.22 * sin(t * 0.5 * blob.a + blob.phase));
      const y = stage.height * (blob.y + 0.2 * cos(t * 0.45 * blob.b + blob.phase));
      drawSprite(target, blob.disc, { x, y, scaleX: scale, scaleY: scale, angle: 0, opacity: 0.85 });
    }
  };
}
