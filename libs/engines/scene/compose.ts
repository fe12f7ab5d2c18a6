import { airOf, type Air } from './backdrop/air.js';
import { placeSheets } from './backdrop/places.js';
import { paintSky, paintStars, paintSun } from './backdrop/sky.js';
import { drawLayer, drawSprite, newBitmap, over, type Bitmap, type Layer } from './bitmap.js';
import { castOf, drawActor, type Actor } from './cast/cast.js';
import { ease } from './cast/gait.js';
import { effectsOf } from './overlay/effects.js';
import { type View, vignette } from './overlay/finish.js';
import { captionsOf, captionState, type Caption } from './overlay/lettering.js';
import { type Particles } from './overlay/particles.js';
import { drawPicture, picturesOf, type Picture } from './overlay/picture.js';
import { rasterIcon } from './raster.js';
import { type Sheet, type Stage } from './stage.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { cos, imul, max, min, round, sin } = Math;

/** Everything rasterised that a scene is made of. */
export interface Composition {
  readonly stage: Stage;
  readonly seconds: number;
  readonly frame: Bitmap;
  readonly sky: Bitmap;
  readonly sheets: readonly Sheet[];
  readonly air: Air;
  readonly actors: readonly Actor[];
  readonly snore: Bitmap | undefined;
  readonly behind: readonly Particles[];
  readonly before: readonly Particles[];
  readonly flashes: readonly number[];
  readonly pictures: readonly Picture[];
  readonly captions: readonly Caption[];
  readonly corners: Layer;
}

/** Paints and rasterises every part once. @param shown pictures to hang in the scene: the portraits, then the reference */
export async function composeScene(stage: Stage, seconds: number, shown: readonly Uint8Array[]): Promise<Composition> {
  const { width, height } = stage;
  const sky = paintSky(stage);
  paintStars(sky, stage);
  await paintSun(sky, stage);
  const effects = await effectsOf(stage, seconds);
  const sleeping = stage.scene.subjects.some((subject) => subject.motion === 'sleep');
  return {
    stage,
    seconds,
    frame: newBitmap(width, height),
    sky,
    sheets: await placeSheets(stage),
    air: await airOf(stage),
    actors: await castOf(stage),
    snore: sleeping ? await rasterIcon('zzz', round(stage.unit * 0.3)) : undefined,
    ...effects,
    pictures: await picturesOf(stage, shown),
    captions: await captionsOf(stage, seconds),
    corners: vignette(width, height),
  };
}

/** How far the ground has scrolled at `t`, in pixels from 0 to `stage.pan`. */
function panAt(stage: Stage, t: number, seconds: number): number {
  const u = t / seconds;
  // A pan starts and ends softly but never stands still.
  const gone = 0.75 * u + 0.25 * ease(u);
  return stage.pan * (stage.scene.camera === 'pan_left' ? 1 - gone : gone);
}

/** Where the camera looks at `t`. */
export function viewAt(scene: Composition, t: number): View {
  const { camera } = scene.stage.scene;
  const u = ease(t / scene.seconds);
  const far = 1 + 0.16 * (camera === 'zoom_in' ? u : camera === 'zoom_out' ? 1 - u : 0);
  const lead = scene.actors.at(-1);
  const focus = lead === undefined ? 0.5 : lead.foot / scene.stage.height - 0.14;
  return { zoom: camera.startsWith('zoom') ? far : 1, x: 0.5, y: max(0.4, min(0.62, focus)) };
}

/** Draws the scene at `t` seconds; the returned bitmap is used again by the next call. */
export function drawScene(scene: Composition, t: number): Bitmap {
  const { frame, stage, seconds } = scene;
  const scroll = panAt(stage, t, seconds);
  frame.px.set(scene.sky.px);
  for (const particles of scene.behind) particles(frame, t);
  scene.air.draw(frame, t, false);
  for (const sheet of scene.sheets) if (sheet.front !== true) drawSheet(frame, sheet, t, scroll);
  for (const actor of scene.actors) drawActor(frame, stage, actor, t, seconds, scroll - stage.pan / 2);
  if (scene.snore !== undefined) drawSnore(scene, scene.snore, t, scroll);
  for (const sheet of scene.sheets) if (sheet.front === true) drawSheet(frame, sheet, t, scroll);
  scene.air.draw(frame, t, true);
  for (const particles of scene.before) particles(frame, t);
  flash(scene, t);
  drawLayer(frame, scene.corners, 0, 0);
  return frame;
}

function drawSheet(frame: Bitmap, sheet: Sheet, t: number, scroll: number): void {
  const { sway } = sheet;
  const turn = sway === undefined ? 0 : 2 * Math.PI * (sway.hz * t + sway.phase);
  const dx = sway === undefined ? 0 : sway.x * (sin(turn) - 1);
  const dy = sway === undefined ? 0 : sway.y * cos(turn);
  drawLayer(frame, sheet.layer, round(dx - scroll * sheet.depth), sheet.top + round(dy));
}

function drawSnore(scene: Composition, snore: Bitmap, t: number, scroll: number): void {
  const actor = scene.actors.find((each) => each.subject.motion === 'sleep');
  if (actor === undefined) return;
  const u = (t / 2.2) % 1;
  const x = actor.x - (scroll - scene.stage.pan / 2) + actor.sprite.width * 0.4;
  const y = actor.foot - actor.sprite.height * actor.scale * (0.95 + 0.35 * u);
  drawSprite(scene.frame, snore, {
    x,
    y,
    scaleX: 0.6 + 0.5 * u,
    scaleY: 0.6 + 0.5 * u,
    angle: sin(t * 2) * 0.15,
    opacity: sin(u * Math.PI),
  });
}

/** A flash of lightning whitens the whole frame for a few frames. */
function flash(scene: Composition, t: number): void {
  for (const start of scene.flashes) {
    const age = t - start;
    if (age < 0 || age > 0.34) continue;
    const level = round(150 * (1 - age / 0.34) * (age > 0.09 && age < 0.15 ? 0.3 : 1));
    const veil = imul(level, 0x01010101) | 0;
    const { px } = scene.frame;
    for (let i = 0; i < px.length; i++) px[i] = over(veil, px[i] as number);
  }
}

/** What lies flat on the screen, after the camera: the pictures and the captions. */
export function drawOverlays(scene: Composition, target: Bitmap, t: number): void {
  for (const picture of scene.pictures) drawPicture(target, picture, t, scene.seconds);
  for (const caption of scene.captions) {
    const { opacity, rise } = captionState(caption, t, scene.seconds);
    drawLayer(target, caption.layer, caption.left, caption.top + rise, opacity);
  }
}
