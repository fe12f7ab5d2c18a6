import { type LivenessChallenge } from '#contracts';
import { type PixelFrame } from '#engines/pixels';
import { type LivenessSample } from '../types.js';
import { createLivenessReader, type FaceObserver } from '../reader.js';
import { act, moments, type Acting } from './acting.js';
import { eraseEyes, holdSheet, withNoise, type Sheet } from './attacks.js';
import { closeUp, createPuppet, type Stance } from './puppet.js';

/** Draws the picture of a recording at a moment. */
export type Camera = (timeS: number) => PixelFrame;

/** A portrait with its mesh, cut to a square. */
export interface Sitter {
  frame: PixelFrame;
  mesh: Float32Array;
}

/** @param portrait with the mesh in its pixels */
export function sitterOf(portrait: PixelFrame, mesh: Float32Array, faceWidth = 110, size = 240): Sitter {
  return closeUp(portrait, mesh, faceWidth, size);
}

/** Somebody who does what is asked. */
export function liveCamera(sitter: Sitter, challenge: LivenessChallenge, acting: Acting = {}): Camera {
  const puppet = createPuppet(sitter.frame, sitter.mesh);
  return (t) => withNoise(puppet.draw(act(challenge, t, acting), t), Math.round(1000 * t));
}

/** How a print is moved so that it looks most like what is asked; eyes are painted over for a blink. */
export interface PrintAttack {
  /** Degrees of the print per degree of the head that it imitates. */
  gain?: number;
  bend?: number;
  erase?: boolean;
}

/** A print of the portrait in front of the camera that imitates the movements asked for. */
export function printCamera(sitter: Sitter, challenge: LivenessChallenge, attack: PrintAttack = {}): Camera {
  const { gain = 1.6, bend = 0, erase = true } = attack;
  const shut = eraseEyes(sitter.frame, sitter.mesh);
  return (t) => {
    const stance: Stance = act(challenge, t);
    const { yaw = 0, pitch = 0, dx = 0, dy = 0, closed = 0 } = stance;
    const sheet: Sheet = { yaw: gain * yaw, pitch: gain * pitch, bend, dx: dx / 2, dy: dy / 2 };
    const picture = erase && closed > 0.5 ? shut : sitter.frame;
    return withNoise(holdSheet(picture, sheet, t), Math.round(1000 * t));
  };
}

/** The portrait on a stand: nothing moves but the camera's noise. */
export function stillCamera(sitter: Sitter): Camera {
  return (t) => withNoise({ ...sitter.frame, timeS: t }, Math.round(1000 * t));
}

/** Films a challenge with a camera, or as many seconds of it as asked, and reads the series. */
export async function film(
  observer: FaceObserver,
  camera: Camera,
  challenge: LivenessChallenge,
  seconds = Infinity,
): Promise<LivenessSample[]> {
  const recording = createLivenessReader(observer).begin();
  for (const t of moments(challenge)) if (t < seconds) await recording.look(camera(t));
  return recording.finish().observations;
}
