import { type FaceSighting } from '#contracts';
import { type PixelBox, type Point } from '#engines/pixels';
import { AppError } from '#kernel';

/**
 * Five places of a face, in pixels of its frame. Left and right are those of the picture: `leftEye` has the smaller x
 * in an upright face (it is the person's right eye).
 */
export interface FaceLandmarks {
  leftEye: Point;
  rightEye: Point;
  nose: Point;
  mouthLeft: Point;
  mouthRight: Point;
}

/** How a face is turned, in degrees. All zero: upright and looking into the camera. Estimated from the mesh, +-10. */
export interface FacePose {
  /** Positive when the nose points to the right of the picture. */
  yaw: number;
  /** Positive when the nose points down. */
  pitch: number;
  /** Positive when the head is turned clockwise. */
  roll: number;
}

/** One face in one frame. */
export interface FaceObservation {
  /** Of the frame, in seconds. */
  timeS: number;
  /** Around the face from forehead to chin, upright, in pixels of the frame; it may reach over the edges. */
  box: PixelBox;
  /** Of the detector, 0..1. */
  score: number;
  landmarks: FaceLandmarks;
  /** 468 triples x, y, z in pixels of the frame (MediaPipe's order; z is smaller nearer the camera); null where none fits. */
  mesh: Float32Array | null;
  /** How sure the mesh is that it lies on a face, 0..1; 0 without a mesh. */
  meshScore: number;
  /**
   * Width of the face in pixels of the frame, measured level with the eyes: a tilted head is not wider than an upright
   * one. Quality gates mean this number.
   */
  widthPx: number;
  /** Null without a mesh. */
  pose: FacePose | null;
}

/** A face as numbers that are near for the same person. Biometric: seal it wherever it is kept. */
export interface FaceTemplate {
  /** 128 values of the dlib network, mean of the face and its mirror image; compared by Euclidean distance. */
  dlib: Float32Array;
  /** 1024 values of faceres, of length 1; compared by cosine. */
  faceres: Float32Array;
  /** Which networks and which alignment made it; templates of different models cannot be compared. */
  model: string;
}

/** A face through time, with what is needed to recognise it. `template` is null exactly when `state` is `unable`. */
export interface FaceTrack extends FaceSighting {
  template: FaceTemplate | null;
}

/** Why no template can be taken from a face. */
export interface FaceUnable {
  unable: 'too_small' | 'unsure' | 'turned_away' | 'blurred' | 'cut_off';
  /** A short sentence for a person, with the measured number. */
  reason: string;
}

/** A template cannot be read, or a network gave something that cannot be a face. Report the detector as `unable`. */
export class FaceError extends AppError {
  constructor(code: 'face_template_invalid' | 'face_output_invalid', message: string) {
    super(code === 'face_template_invalid' ? 'invalid' : 'internal', code, message);
  }
}
