import { type PixelFrame } from '#engines/pixels';
import { eyeOpenness } from './blink.js';
import { SERIES_POINTS } from './plane.js';
import { headPose } from './pose.js';
import { type LivenessSample, type SeenFace } from './types.js';

/** What finds faces and their meshes in a frame; the faces room's analyser fits. */
export interface FaceObserver {
  observe(frame: PixelFrame): Promise<readonly SeenFace[]>;
}

/** Takes the frames of one recording in time order. */
export interface LivenessRecording {
  /** Looks at one frame, not kept. @throws what the observer throws: the recording is then `unable` for the caller */
  look(frame: PixelFrame): Promise<void>;
  /** The series, for {@link verifyLiveness}; at most {@link MOST_SAMPLES}. */
  finish(): LivenessSample[];
}

/** Samples that are kept: two minutes at ten per second. Further frames are not looked at. */
export const MOST_SAMPLES = 1200;

/** Measures one frame: pose, lids and mesh points of its largest face. */
export function sampleOf(timeS: number, faces: readonly SeenFace[]): LivenessSample {
  const largest = faces.reduce<SeenFace | null>(
    (best, f) => (!best || f.box.width * f.box.height > best.box.width * best.box.height ? f : best),
    null,
  );
  if (!largest?.mesh) return { timeS, faces: faces.length, face: null };
  const { mesh, box, score, meshScore } = largest;
  const { pose, misfit } = headPose(mesh);
  const { left, right } = eyeOpenness(mesh);
  const round = (v: number) => Math.round(v * 1e3) / 1e3;
  return {
    timeS,
    faces: faces.length,
    face: {
      box,
      score,
      meshScore,
      pose,
      misfit,
      openLeft: left,
      openRight: right,
      points: SERIES_POINTS.flatMap((i) => [round(mesh[3 * i] as number), round(mesh[3 * i + 1] as number)]),
    },
  };
}

/**
 * Turns recordings into series. Feed about ten frames per second (`sampleFrames(path, { perSecond: 10 })`); fewer make
 * the result `unable`.
 */
export function createLivenessReader(observer: FaceObserver): { begin(): LivenessRecording } {
  return {
    begin() {
      const samples: LivenessSample[] = [];
      return {
        async look(frame) {
          if (samples.length < MOST_SAMPLES) samples.push(sampleOf(frame.timeS, await observer.observe(frame)));
        },
        finish: () => samples,
      };
    },
  };
}
