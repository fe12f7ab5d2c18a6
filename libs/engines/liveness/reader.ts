import { type PixelFrame } from '#engines/pixels';
import { eyeOpenness } from './blink.js';
import { SERIES_POINTS } from './plane.js';
import { headPose } from './pose.js';
import { type LivenessSample, type SeenFace } from './types.js';

/** What finds faces and their meshes in a frame; the faces room's analyser fits. */
export interface FaceObserver<F extends SeenFace = SeenFace> {
  observe(frame: PixelFrame): Promise<readonly F[]>;
}

/** What a recording gave: the series and the views for {@link verifyLiveness}. */
export interface LivenessReading<T> {
  /** At most {@link MOST_SAMPLES}. */
  observations: LivenessSample[];
  views: { timeS: number; template: T }[];
}

/** Takes the frames of one recording in time order. */
export interface LivenessRecording<T = never> {
  /** Looks at one frame, not kept. @throws what the observer throws: the recording is then `unable` for the caller */
  look(frame: PixelFrame): Promise<void>;
  finish(): LivenessReading<T>;
}

/** Seconds between views of the face, and how far it may be turned in one, degrees. */
const VIEW_EVERY_S = 1.5;
const VIEW_TURN = 15;

/** Samples that are kept: two minutes at ten per second. Further frames are not looked at. */
export const MOST_SAMPLES = 1200;

function largestOf<F extends SeenFace>(faces: readonly F[]): F | null {
  const area = ({ box }: F) => box.width * box.height;
  return faces.reduce<F | null>((best, f) => (!best || area(f) > area(best) ? f : best), null);
}

/** Measures one frame: pose, lids and mesh points of its largest face. */
function sampleOf(timeS: number, faces: readonly SeenFace[]): LivenessSample {
  const largest = largestOf(faces);
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
 * @param embed takes a template of a face (`analyser.embed`), or null where it cannot; asked about every 1.5 s while
 * the face looks nearly straight ahead. Without it there are no views, and the check of the person is `unable`.
 */
export function createLivenessReader<F extends SeenFace, T = never>(
  observer: FaceObserver<F>,
  embed?: (frame: PixelFrame, face: F) => Promise<T | null>,
): { begin(): LivenessRecording<T> } {
  return {
    begin() {
      const observations: LivenessSample[] = [];
      const views: LivenessReading<T>['views'] = [];
      return {
        async look(frame) {
          if (observations.length >= MOST_SAMPLES) return;
          const faces = await observer.observe(frame);
          const sample = sampleOf(frame.timeS, faces);
          observations.push(sample);
          const pose = sample.face?.pose;
          const due = frame.timeS >= (views.at(-1)?.timeS ?? -Infinity) + VIEW_EVERY_S;
          if (!embed || !due || !pose || Math.max(Math.abs(pose.yaw), Math.abs(pose.pitch)) > VIEW_TURN) return;
          const template = await embed(frame, largestOf(faces) as F);
          if (template !== null) views.push({ timeS: frame.timeS, template });
        },
        finish: () => ({ observations, views }),
      };
    },
  };
}
