import { drawSprite, relight, type Bitmap } from '../bitmap.js';
import { softShadow } from '../backdrop/decor.js';
import { tableTop } from '../backdrop/interior.js';
import { parseHex } from '../colour.js';
import { rasterIcon, recolour } from '../raster.js';
import { type Rng } from '../random.js';
import { type Stage } from '../stage.js';
import { type Motion, type SceneSubject, type SubjectKind } from '../types.js';
import { ease, poseAt } from './gait.js';

/** One sprite on stage. */
export interface Actor {
  subject: SceneSubject;
  sprite: Bitmap;
  /** Middle of its way, and the row of its feet. */
  x: number;
  foot: number;
  scale: number;
  /** 1 to the right, -1 to the left. */
  direction: 1 | -1;
  /** Pixels it travels across the picture in the whole clip. */
  travel: number;
  phase: number;
  /** Stands on something, so it has a shadow and keeps its foot. */
  grounded: boolean;
}

const movers: ReadonlySet<Motion> = new Set(['walk', 'run', 'drive', 'fly', 'swim', 'roll']);
const airborne: ReadonlySet<Motion> = new Set(['fly', 'float', 'rise', 'fall']);
const watery: ReadonlySet<string> = new Set(['sea', 'lake', 'beach']);

function sizeOf(subject: SceneSubject, stage: Stage, lead: boolean, total: number): number {
  const crowd = total > 6 ? 0.72 : total > 3 ? 0.86 : 1;
  const grown = 0.42 + 0.58 * subject.scale;
  return Math.round(Math.min(stage.unit * grown * (lead ? 1.18 : 1) * crowd, stage.height * 0.56, stage.width * 0.7));
}

/** True for what floats on the water of the place. */
function afloat(subject: SceneSubject, place: string): boolean {
  return watery.has(place) && (subject.kind === 'boat' || subject.kind === 'fish' || subject.motion === 'swim');
}

/** Row of the feet (or middle, for what flies). */
function rowOf(subject: SceneSubject, stage: Stage, size: number, rng: Rng): number {
  const { height, groundFar, groundNear } = stage;
  const { place } = stage.scene;
  const { kind, motion } = subject;
  if (place === 'underwater' && motion !== 'rest' && motion !== 'walk') return height * rng.range(0.34, 0.72);
  if (afloat(subject, place)) {
    // Low enough that the next wave hides the keel, or the legs of what paddles.
    const sunk = kind === 'boat' || kind === 'fish' ? 0 : 0.025;
    if (place === 'beach') return height * (rng.range(0.64, 0.68) + sunk);
    return height * ((place === 'lake' ? rng.range(0.875, 0.9) : rng.range(0.78, 0.82)) + sunk);
  }
  if (motion === 'rise' || motion === 'fall') return groundFar;
  if (place === 'space' && airborne.has(motion)) return height * rng.range(0.42, 0.7);
  if (place === 'sky' || place === 'abstract') return height * rng.range(0.46, 0.72);
  if (airborne.has(motion))
    return Math.max(size * 1.4, height * (kind === 'insect' ? rng.range(0.5, 0.68) : rng.range(0.3, 0.46)));
  if (place === 'room' && (kind === 'food' || kind === 'object'))
    return height * rng.range(tableTop.far, tableTop.near);
  if (kind === 'building') return groundFar + (groundNear - groundFar) * 0.1;
  if (kind === 'plant') return groundFar + (groundNear - groundFar) * rng.range(0.1, 0.5);
  return groundFar + (groundNear - groundFar) * rng.range(0.25, 1);
}

async function spriteOf(subject: SceneSubject, stage: Stage, size: number): Promise<Bitmap> {
  const sprite = await rasterIcon(subject.icon, size);
  if (subject.hue !== undefined && subject.kind !== 'person')
    recolour(sprite, subject.hue, ['animal', 'head', 'bird'].includes(subject.kind) ? 0.5 : 1);
  const glowing =
    ['celestial', 'symbol'].includes(subject.kind) ||
    ['fire', 'candle', 'light-bulb', 'red-paper-lantern', 'jack-o-lantern'].includes(subject.icon);
  // The cast is lit a little better than the scenery, so that it reads at night.
  const light = parseHex(stage.palette.ambient).map((c) => c + (255 - c) * (glowing ? 0.8 : 0.24));
  relight(sprite, light, parseHex(stage.palette.haze), 0.03);
  return sprite;
}

/** Keeps the middle of something `half` wide on each side inside the picture. */
const within = (x: number, half: number, width: number) =>
  half * 2 > width * 0.9 ? width / 2 : Math.max(half * 1.1, Math.min(width - half * 1.1, x));

/** Every subject as sprites on their marks, far ones first. */
export async function castOf(stage: Stage): Promise<Actor[]> {
  const { subjects } = stage.scene;
  const total = subjects.reduce((sum, subject) => sum + subject.count, 0);
  const rng = stage.rng.fork('cast');
  const panning = stage.scene.camera === 'pan_right' ? 1 : stage.scene.camera === 'pan_left' ? -1 : 0;
  const lead = panning !== 0 ? panning : rng.chance(0.5) ? 1 : -1;
  const actors: Actor[] = [];
  for (const [s, subject] of subjects.entries()) {
    const size = sizeOf(subject, stage, s === 0, total);
    const sprite = await spriteOf(subject, stage, size);
    const mine = rng.fork(`subject${s}`);
    const direction = subject.motion === 'run' || s === 0 || mine.chance(0.7) ? lead : -lead;
    const middle =
      subjects.length === 1 ? mine.range(0.42, 0.58) : (s + 0.5) / subjects.length + mine.range(-0.04, 0.04);
    const spread = Math.min(
      subjects.length === 1 ? 0.72 : 0.9 / subjects.length,
      (subject.count * sprite.width * 0.95) / stage.width,
    );
    const row = rowOf(subject, stage, size, mine);
    for (let i = 0; i < Math.min(subject.count, 9); i++) {
      const offset = subject.count === 1 ? 0 : ((i + 0.5) / subject.count - 0.5) * spread + mine.range(-0.03, 0.03);
      const wide = airborne.has(subject.motion) || stage.scene.place === 'underwater';
      const foot =
        i === 0 ? row : wide ? row + mine.range(-0.16, 0.13) * stage.height : rowOf(subject, stage, size, mine);
      const near = wide
        ? mine.range(0.72, 1)
        : 0.82 + 0.18 * ((foot - stage.groundFar) / Math.max(1, stage.groundNear - stage.groundFar));
      const speed = subject.motion === 'walk' || subject.motion === 'swim' ? 0.3 : 0.5;
      actors.push({
        subject,
        sprite,
        x: within(stage.width * (middle + offset), sprite.width / 2, stage.width),
        foot,
        scale: subject.count === 1 ? 1 : Math.max(0.6, Math.min(1, near)),
        direction: direction as 1 | -1,
        travel: movers.has(subject.motion) ? stage.width * speed * mine.range(0.85, 1.15) : 0,
        phase: subject.count === 1 ? 0 : i / subject.count + mine.range(0, 0.25),
        grounded:
          !airborne.has(subject.motion) &&
          !['underwater', 'sky', 'abstract'].includes(stage.scene.place) &&
          !afloat(subject, stage.scene.place),
      });
    }
  }
  return actors.sort((a, b) => order(a.subject.kind) - order(b.subject.kind) || a.foot - b.foot);
}

const order = (kind: SubjectKind) => (kind === 'building' ? 0 : kind === 'plant' || kind === 'celestial' ? 1 : 2);

/** Draws one actor at `t` seconds of `seconds`; `scroll` is how far the ground has moved left, from its middle. */
export function drawActor(
  target: Bitmap,
  stage: Stage,
  actor: Actor,
  t: number,
  seconds: number,
  scroll: number,
): void {
  const { subject, sprite, direction } = actor;
  const pose = poseAt(subject.motion, subject.kind, t, actor.phase);
  const height = sprite.height * actor.scale;
  const u = t / seconds;
  const going = actor.travel === 0 ? -scroll * (actor.grounded ? 1 : 0.5) : direction * actor.travel * (u - 0.5);
  let x = actor.x + going + pose.dx * height;
  let foot = actor.foot;
  if (subject.motion === 'rise') foot -= ease((u - 0.1) / 1.1) ** 1.5 * stage.height * 0.85;
  if (subject.motion === 'fall')
    foot = -height * 0.2 + ((u * 1.1 + actor.phase) % 1.15) * (stage.groundNear + height * 0.3);
  const looks = subject.facing === 'front' ? direction : subject.facing === 'left' ? -1 : 1;
  const mirrored = (subject.facing !== 'front' && looks !== direction) !== pose.turned;
  const upright = subject.icon === 'rocket' && subject.motion === 'rise' ? -Math.PI / 4 : 0;
  const rolled = subject.motion === 'roll' ? (direction * actor.travel * (u - 0.5)) / (height / 2) : 0;
  const angle = pose.angle * direction + rolled + upright;
  const tall = height * pose.scaleY;
  // Turning about the foot keeps it on the ground; rolling and flying turn about the middle.
  const pivot = actor.grounded && subject.motion !== 'roll' && subject.motion !== 'spin' ? tall / 2 : 0;
  x += Math.sin(angle) * pivot;
  const y = foot - tall / 2 + pose.dy * height + (pivot === 0 ? 0 : (1 - Math.cos(angle)) * pivot);
  if (actor.grounded) shade(target, actor, x - Math.sin(angle) * pivot, foot, -pose.dy);
  const scaleX = actor.scale * pose.scaleX * (mirrored && upright === 0 ? -1 : 1);
  drawSprite(target, sprite, { x, y, scaleX, scaleY: actor.scale * pose.scaleY, angle, opacity: 1 });
}

function shade(target: Bitmap, actor: Actor, x: number, foot: number, lift: number): void {
  const shadow = softShadow();
  const wide = (actor.sprite.width * actor.scale * 0.96) / shadow.width;
  const shrink = 1 / (1 + Math.max(0, lift) * 0.7);
  drawSprite(target, shadow, {
    x,
    y: foot - 2,
    scaleX: wide * shrink,
    scaleY: Math.max(0.3, wide * 0.55) * shrink,
    angle: 0,
    opacity: 0.75 * shrink,
  });
}
