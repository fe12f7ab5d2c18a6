import { bytesOf, drawSprite, newBitmap, over, relight, type Bitmap } from '../bitmap.js';
import { parseHex } from '../colour.js';
import { SmoothNoise } from '../noise.js';
import { n, rasterIcon, rasterise } from '../raster.js';
import { type Stage } from '../stage.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { ceil, floor, imul, max, min, round, sin } = Math;

/** Gradient sky with the glow of sun or moon and faint high cloud, dithered; fills the whole picture. */
export function paintSky(stage: Stage): Bitmap {
  const { width, height, palette, sun, scene } = stage;
  const bitmap = newBitmap(width, height);
  const data = bytesOf(bitmap);
  const top = parseHex(palette.skyTop);
  const low = parseHex(palette.skyLow);
  const light = parseHex(palette.light);
  const wisps = new SmoothNoise(stage.rng.fork('wisps'));
  const watery = scene.place === 'underwater';
  const deep = scene.place === 'space' || scene.place === 'abstract';
  const foot = watery || deep ? height : stage.horizon;
  const glowSize = (stage.unit * (scene.time === 'night' ? 0.9 : 1.7)) ** 2;
  const covered = ['rain', 'storm', 'fog', 'snow'].includes(scene.weather);
  const glowGain = watery || deep ? 0 : covered ? 0.12 : scene.time === 'night' ? 0.34 : 0.62;
  const wispGain = deep ? 70 : watery ? 14 : covered ? 34 : scene.time === 'night' ? 10 : 26;
  const nebula = parseHex(scene.place === 'space' ? palette.haze : palette.light);
  let dither = stage.rng.fork('dither').uint32();
  const cell = stage.unit * (deep ? 0.9 : 0.5);
  for (let y = 0; y < height; y++) {
    const t = min(1, y / foot);
    const eased = watery ? t : t * t * (1.6 - 0.6 * t);
    for (let x = 0; x < width; x++) {
      const dx = x - sun.x;
      const dy = (y - sun.y) * 1.15;
      const glow = glowGain / (1 + (dx * dx + dy * dy) / glowSize);
      const cloud = wisps.layered(x / (cell * 2.6), y / cell, 3) - 0.5;
      const wisp = deep ? max(0, cloud) * wispGain * 3 : cloud * wispGain * (1 - t * 0.5);
      dither = (imul(dither, 1664525) + 1013904223) >>> 0;
      const grit = (dither >>> 24) / 85 - 1.5;
      const i = (y * width + x) * 4;
      for (let c = 0; c < 3; c++) {
        const base = (top[c] as number) + ((low[c] as number) - (top[c] as number)) * eased;
        const toned = deep ? base + ((nebula[c] as number) / 255) * wisp : base + wisp;
        data[i + c] = toned + ((light[c] as number) - toned) * glow + grit;
      }
      data[i + 3] = 255;
    }
  }
  return bitmap;
}

/** Draws sun or moon into the sky, with its halo. */
export async function paintSun(sky: Bitmap, stage: Stage): Promise<void> {
  const { sun, scene, palette } = stage;
  if (
    ['underwater', 'space', 'abstract', 'room'].includes(scene.place) ||
    ['rain', 'storm', 'fog', 'snow'].includes(scene.weather)
  )
    return;
  const size = ceil(sun.radius * 6);
  const halo = `<radialGradient id="g"><stop offset="0" stop-color="${palette.light}" stop-opacity="0.75"/><stop offset="0.35" stop-color="${palette.light}" stop-opacity="0.25"/><stop offset="1" stop-color="${palette.light}" stop-opacity="0"/></radialGradient><circle cx="${n(size / 2)}" cy="${n(size / 2)}" r="${n(size / 2)}" fill="url(#g)"/>`;
  const place = { x: sun.x, y: sun.y, scaleX: 1, scaleY: 1, angle: 0, opacity: scene.time === 'night' ? 0.5 : 1 };
  drawSprite(sky, await rasterise(halo, size, size), place);
  if (scene.time === 'night') {
    const icon = stage.rng
      .fork('moon')
      .pick(['full-moon', 'full-moon', 'crescent-moon', 'waxing-gibbous-moon'] as const);
    const moon = await rasterIcon(icon, round(sun.radius * 1.7));
    relight(moon, [245, 248, 255], [255, 255, 255], 0.25);
    drawSprite(sky, moon, { ...place, opacity: 1 });
    return;
  }
  const warm = scene.time === 'day' ? '#ffe27a' : '#ff9d5c';
  const disc = ceil(sun.radius * 2.2);
  const body = `<radialGradient id="d"><stop offset="0" stop-color="#fffbe8"/><stop offset="0.72" stop-color="${palette.light}"/><stop offset="1" stop-color="${warm}"/></radialGradient><circle cx="${n(disc / 2)}" cy="${n(disc / 2)}" r="${n(sun.radius)}" fill="url(#d)"/>`;
  drawSprite(sky, await rasterise(body, disc, disc), { ...place, opacity: 1 });
}

/** Small fixed stars, denser high up. */
export function paintStars(sky: Bitmap, stage: Stage): void {
  const { scene, width, height } = stage;
  const space = scene.place === 'space';
  if (!space && (scene.time !== 'night' || !['clear', 'wind', 'cloudy'].includes(scene.weather))) return;
  const rng = stage.rng.fork('stars');
  const lowest = space ? height : stage.horizon;
  const count = round(((width * lowest) / 3200) * (space ? 1.6 : 0.8));
  for (let i = 0; i < count; i++) {
    const x = rng.int(1, width - 2);
    const y = floor((space ? rng.next() : rng.next() ** 1.5) * (lowest - 2));
    const level = round(rng.next() ** 2.5 * 190 + 40);
    const put = (at: number, value: number) => {
      const s = imul(value, 0x01010101);
      sky.px[at] = over(s, sky.px[at] as number);
    };
    put(y * width + x, level);
    if (level > 150) for (const step of [-1, 1, -width, width]) if (y > 0) put(y * width + x + step, level >> 2);
  }
}

/** A heap of round puffs with a flat foot, as SVG of `width` x `height`. */
export function cloudShape(stage: Stage, width: number, height: number, name: string): string {
  const rng = stage.rng.fork(name);
  const puffs: string[] = [];
  const count = rng.int(5, 7);
  for (let i = 0; i < count; i++) {
    const u = (i + 0.5) / count;
    const r = height * (0.16 + 0.2 * sin(u * Math.PI)) * rng.range(0.85, 1.15);
    puffs.push(`<circle cx="${n(width * (0.14 + 0.72 * u))}" cy="${n(height * 0.84 - r * 0.9)}" r="${n(r)}"/>`);
  }
  const dark = stage.scene.weather === 'storm' ? 0.5 : stage.scene.weather === 'rain' ? 0.3 : 0;
  const light = stage.shade(dark > 0.4 ? '#8d96a3' : dark > 0 ? '#c2c9d1' : '#ffffff', 0.12);
  const under = stage.shade(dark > 0.4 ? '#59606c' : dark > 0 ? '#949da8' : '#cfdcea', 0.3);
  const flat = `<rect x="${n(width * 0.1)}" y="${n(height * 0.6)}" width="${n(width * 0.8)}" height="${n(height * 0.24)}" rx="${n(height * 0.12)}"/>`;
  return `<defs><linearGradient id="c" gradientUnits="userSpaceOnUse" x1="0" y1="${n(height * 0.1)}" x2="0" y2="${n(height * 0.86)}"><stop offset="0.2" stop-color="${light}"/><stop offset="1" stop-color="${under}"/></linearGradient><filter id="b" x="-5%" y="-5%" width="110%" height="110%"><feGaussianBlur stdDeviation="${n(height * 0.012)}"/></filter></defs><g fill="url(#c)" filter="url(#b)" opacity="0.93">${flat}${puffs.join('')}</g>`;
}
