import { litHex, mixHex } from './colour.js';
import { type Layer } from './bitmap.js';
import { type Rng } from './random.js';
import { type SceneDescription, type ScenePalette } from './types.js';

/** Where the ground of a place lies, as fractions of the height. */
interface Ground {
  /** Where sky and land (or water) meet. */
  horizon: number;
  /** Feet of the farthest and of the nearest sprites. */
  far: number;
  near: number;
}

const usual: Ground = { horizon: 0.6, far: 0.74, near: 0.92 };
const grounds: Partial<Record<SceneDescription['place'], Ground>> = {
  beach: { horizon: 0.5, far: 0.78, near: 0.93 },
  sea: { horizon: 0.5, far: 0.66, near: 0.86 },
  lake: { horizon: 0.52, far: 0.7, near: 0.88 },
  underwater: { horizon: 0.8, far: 0.84, near: 0.94 },
  street: { horizon: 0.62, far: 0.79, near: 0.93 },
  city: { horizon: 0.66, far: 0.82, near: 0.93 },
  room: { horizon: 0.68, far: 0.8, near: 0.93 },
  stadium: { horizon: 0.56, far: 0.72, near: 0.92 },
  sky: { horizon: 0.92, far: 0.6, near: 0.78 },
  space: { horizon: 0.82, far: 0.86, near: 0.94 },
  abstract: { horizon: 0.8, far: 0.66, near: 0.8 },
};

/** Sizes, colours and light that every part of the picture shares. */
export interface Stage {
  readonly width: number;
  readonly height: number;
  readonly scene: SceneDescription;
  readonly palette: ScenePalette;
  readonly rng: Rng;
  /** Height of a person standing near, in pixels. */
  readonly unit: number;
  /** Pixels that the nearest ground travels while the camera pans. */
  readonly pan: number;
  readonly horizon: number;
  readonly groundFar: number;
  readonly groundNear: number;
  /** Sun or moon, in pixels. */
  readonly sun: { x: number; y: number; radius: number };
  /** A daylight colour as it looks here, `haze` 0 (near) to 1 (lost in the distance). */
  shade(colour: string, haze?: number): string;
}

export function stageOf(scene: SceneDescription, width: number, height: number, seconds: number, rng: Rng): Stage {
  const ground = grounds[scene.place] ?? usual;
  const { palette } = scene;
  const unit = Math.min(height * 0.27, width * 0.34);
  const panning = scene.camera.startsWith('pan');
  const side = rng.chance(0.5) ? rng.range(0.16, 0.32) : rng.range(0.68, 0.84);
  const low = scene.time === 'dawn' || scene.time === 'dusk';
  const sunHeight = low ? ground.horizon - rng.range(0.06, 0.14) : rng.range(0.14, 0.22);
  return {
    width,
    height,
    scene,
    palette,
    rng,
    unit,
    pan: Math.round(unit * (panning ? 0.42 : 0.14) * Math.min(seconds, 12)),
    horizon: Math.round(height * ground.horizon),
    groundFar: height * ground.far,
    groundNear: height * ground.near,
    sun: { x: width * side, y: height * Math.max(0.12, sunHeight), radius: unit * (low ? 0.34 : 0.26) },
    shade: (colour, haze = 0) => mixHex(litHex(colour, palette.ambient), palette.haze, haze),
  };
}

/** One sheet of scenery. */
export interface Sheet {
  layer: Layer;
  /** Row of the picture at which the layer begins. */
  top: number;
  /** How much of the camera's travel it follows: 0 infinitely far, 1 the ground under the cast, more in front. */
  depth: number;
  /** Drawn over the cast. */
  front?: boolean;
  /** Rocks gently, in pixels and turns a second. */
  sway?: { x: number; y: number; hz: number; phase: number };
}

/** Width a sheet needs so that the camera never sees its end. */
export function sheetWidth(stage: Stage, depth: number, swayX = 0): number {
  return Math.ceil(stage.width + stage.pan * depth + 2 * swayX) + 2;
}
