import { bytesOf, drawLayer, layerOf, newBitmap, type Bitmap, type Layer } from '../bitmap.js';
import { parseHex } from '../colour.js';
import { SmoothNoise, texture } from '../noise.js';
import { rasterise } from '../raster.js';
import { type Stage } from '../stage.js';
import { cloudShape } from './sky.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { round, sin } = Math;

interface Cloud {
  layer: Layer;
  x: number;
  y: number;
  speed: number;
  front: boolean;
}

/** Draws what drifts through the air at `t` seconds, behind or before the cast. */
export interface Air {
  draw(target: Bitmap, t: number, front: boolean): void;
}

const amounts: Record<string, number> = { clear: 3, cloudy: 8, rain: 9, storm: 10, snow: 6, fog: 3, wind: 6 };

async function cloudsOf(stage: Stage): Promise<Cloud[]> {
  const { scene, width, height, unit } = stage;
  if (['underwater', 'space', 'room', 'abstract'].includes(scene.place)) return [];
  const rng = stage.rng.fork('clouds');
  const high = scene.place === 'sky';
  const count = (amounts[scene.weather] ?? 4) + (high ? 6 : 0);
  const base = scene.weather === 'wind' || scene.weather === 'storm' ? 0.3 : 0.07;
  const clouds: Cloud[] = [];
  for (let i = 0; i < count; i++) {
    const near = rng.range(0.5, 1.15);
    const wide = round(unit * 1.5 * near * rng.range(0.8, 1.25));
    const tall = round(wide * rng.range(0.36, 0.48));
    const bitmap = await rasterise(cloudShape(stage, wide, tall, `cloud${i}`), wide, tall);
    texture(bitmap, rng.fork(`surface${i}`), 3, 2.5);
    const y = high ? rng.range(0.06, 0.86) * height : rng.range(0.02, 0.62) * stage.horizon - tall * 0.2;
    clouds.push({
      layer: layerOf(bitmap),
      x: ((i + rng.range(0.1, 0.9)) / count) * width * 1.3,
      y,
      speed: unit * base * near,
      front: high && i % 5 === 4,
    });
  }
  return clouds;
}

/** A band of mist that repeats every `width` pixels. */
function mistBand(stage: Stage, width: number, height: number): Layer {
  const noise = new SmoothNoise(stage.rng.fork('mist'), 12);
  const colour = parseHex(stage.palette.haze);
  const bitmap = newBitmap(width, height);
  const data = bytesOf(bitmap);
  for (let y = 0; y < height; y++) {
    const edge = sin((y / height) * Math.PI);
    for (let x = 0; x < width; x++) {
      const strength = edge * (0.35 + 0.65 * noise.at((x / width) * 12, (y / height) * 5));
      const alpha = round(205 * strength);
      const i = (y * width + x) * 4;
      for (let c = 0; c < 3; c++) data[i + c] = ((colour[c] as number) * alpha) / 255;
      data[i + 3] = alpha;
    }
  }
  return layerOf(bitmap);
}

/** Clouds, and mist when the weather asks for it. */
export async function airOf(stage: Stage): Promise<Air> {
  const clouds = await cloudsOf(stage);
  const wind = stage.rng.fork('wind').chance(0.5) ? 1 : -1;
  const foggy = stage.scene.weather === 'fog' && stage.scene.place !== 'room';
  const bandWidth = round(stage.width * 1.2);
  const mist = foggy ? mistBand(stage, bandWidth, round(stage.height * 0.52)) : undefined;
  const band = (target: Bitmap, t: number, row: number, speed: number) => {
    const offset = ((round(t * speed * stage.unit * wind) % bandWidth) + bandWidth) % bandWidth;
    drawLayer(target, mist as Layer, offset, round(row * stage.height));
    drawLayer(target, mist as Layer, offset - bandWidth, round(row * stage.height));
  };
  return {
    draw(target, t, front) {
      for (const cloud of clouds) {
        if (cloud.front !== front) continue;
        const loop = stage.width + cloud.layer.bitmap.width;
        const x = (((cloud.x + wind * cloud.speed * t) % loop) + loop) % loop;
        drawLayer(target, cloud.layer, round(x) - cloud.layer.bitmap.width, round(cloud.y));
      }
      if (mist !== undefined && !front) band(target, t, 0.3, 0.16);
      if (mist !== undefined && front) band(target, t, 0.6, 0.3);
    },
  };
}
