import { type PixelBox } from '#engines/pixels';

/** What of a face seen by the faces room is needed here; its `FaceObservation` fits. */
export interface SeenFace {
  timeS: number;
  /** In pixels of the frame. */
  box: PixelBox;
  score: number;
  /** 468 triples x, y, z in pixels, z away from the camera; null where no mesh fits. */
  mesh: Float32Array | null;
  /** 0..1. */
  meshScore: number;
}

/** How a head is turned, in degrees. Left, up: the person's own left, the person's up. */
export interface HeadPose {
  /** Positive to the person's left (the right of an unmirrored picture). */
  yaw: number;
  /** Positive upwards. */
  pitch: number;
  /** Positive when the head leans clockwise in the picture. */
  roll: number;
}

/** One moment of the series that {@link verifyLiveness} judges. Plain numbers, so that it can be kept and replayed. */
export interface LivenessSample {
  timeS: number;
  /** Faces found in the frame. All else is about the largest; null where there is none or no mesh fits. */
  faces: number;
  face: {
    box: PixelBox;
    score: number;
    meshScore: number;
    pose: HeadPose;
    /** Root mean square distance of the mesh from the canonical face, in distances of the outer eye corners. */
    misfit: number;
    /** Height of the lid opening over the width of the eye. Sides are the person's. */
    openLeft: number;
    openRight: number;
    /** x, y in pixels of the mesh points named by `SERIES_POINTS`, in that order. */
    points: number[];
  } | null;
}

/** A point or a direction of the picture. */
export type XY = readonly [x: number, y: number];
