import { type Stage } from '../stage.js';
import { blobsOf } from '../backdrop/abstract.js';
import { drawSprite, newBitmap } from '../bitmap.js';
import { rasterIcon } from '../raster.js';
import {
  bubbles,
  confetti,
  drift,
  fireworks,
  motes,
  rain,
  shootingStars,
  snow,
  twinkle,
  type Particles,
} from './particles.js';

/** Particles behind and before the scenery, and the seconds at which lightning strikes. */
export interface Effects {
  behind: Particles[];
  before: Particles[];
  flashes: number[];
}

/** Times of lightning, which the sound follows with thunder. */
export function lightningTimes(stage: Stage, seconds: number): number[] {
  if (stage.scene.weather !== 'storm' || stage.scene.place === 'underwater') return [];
  const rng = stage.rng.fork('lightning');
  const times: number[] = [];
  for (let t = rng.range(0.3, Math.max(0.4, seconds * 0.4)); t < seconds; t += rng.range(1.6, 3.6)) times.push(t);
  return times;
}

async function rainbow(stage: Stage): Promise<Particles> {
  const size = Math.round(Math.min(stage.width * 0.5, stage.height * 0.5));
  const quarter = await rasterIcon('rainbow', size);
  // Both halves go into one bitmap first: overlapping them on the picture would show a seam.
  const bow = newBitmap(quarter.width * 2 - 6, quarter.height);
  const y = quarter.height / 2;
  for (const side of [-1, 1]) {
    drawSprite(bow, quarter, {
      x: bow.width / 2 + side * (quarter.width / 2 - 3),
      y,
      scaleX: -side,
      scaleY: 1,
      angle: 0,
      opacity: 1,
    });
  }
  const at = { x: stage.width * 0.5, y: stage.horizon - size * 0.36, scaleX: 1, scaleY: 1, angle: 0, opacity: 0.55 };
  return (target) => drawSprite(target, bow, at);
}

async function asked(stage: Stage, seconds: number, effects: Effects): Promise<void> {
  const { rng } = stage;
  for (const effect of stage.scene.effects) {
    const mine = rng.fork(effect);
    if (effect === 'fireworks') effects.behind.push(fireworks(stage, mine, seconds));
    if (effect === 'shooting_stars') effects.behind.push(shootingStars(stage, mine, seconds));
    if (effect === 'rainbow') effects.behind.push(await rainbow(stage));
    if (effect === 'confetti') effects.before.push(confetti(stage, mine));
    if (effect === 'bubbles') effects.before.push(bubbles(stage, mine));
    if (effect === 'fireflies') effects.before.push(motes(stage, mine, '#f4ff8a', 34, 0.06));
    if (effect === 'hearts')
      effects.before.push(await drift(stage, mine, ['red-heart', 'pink-heart', 'two-hearts'], 16, 0.16, true));
    if (effect === 'falling_leaves')
      effects.before.push(await drift(stage, mine, ['maple-leaf', 'fallen-leaf'], 22, 0.17, false));
  }
}

/** Every particle system that the scene's weather, hour, place and words ask for. */
export async function effectsOf(stage: Stage, seconds: number): Promise<Effects> {
  const { scene, rng } = stage;
  const effects: Effects = { behind: [], before: [], flashes: lightningTimes(stage, seconds) };
  const outside = scene.place !== 'underwater' && scene.place !== 'room' && scene.place !== 'space';
  if (scene.place === 'abstract') effects.behind.push(blobsOf(stage));
  if (
    scene.place === 'space' ||
    (scene.time === 'night' && outside && scene.weather !== 'rain' && scene.weather !== 'storm')
  )
    effects.behind.push(twinkle(stage, rng.fork('twinkle')));
  if (outside && (scene.weather === 'rain' || scene.weather === 'storm'))
    effects.before.push(rain(stage, rng.fork('rain'), scene.weather === 'storm'));
  if (outside && scene.weather === 'snow') effects.before.push(snow(stage, rng.fork('snow')));
  if (outside && scene.weather === 'wind')
    effects.before.push(
      await drift(stage, rng.fork('leaves'), ['leaf-fluttering-in-wind', 'fallen-leaf'], 12, 0.14, false),
    );
  if (scene.place === 'underwater' && !scene.effects.includes('bubbles'))
    effects.before.push(bubbles(stage, rng.fork('bubbles')));
  if (
    scene.time === 'night' &&
    ['forest', 'meadow', 'lake', 'savanna'].includes(scene.place) &&
    !scene.effects.includes('fireflies')
  )
    effects.before.push(motes(stage, rng.fork('motes'), '#f4ff8a', 16, 0.05));
  if (scene.place === 'abstract' || (scene.place === 'forest' && scene.time !== 'night'))
    effects.before.push(motes(stage, rng.fork('dust'), stage.palette.light, 22, 0.03));
  await asked(stage, seconds, effects);
  return effects;
}
