import { type ModelRef, type Signal } from '#contracts';
import { modelCard } from '#engines/inference';
import { FACE_MODELS } from './networks.js';
import { type FaceTrack } from './types.js';

/** Detector of {@link faceSignals} about apparent age. */
export const APPARENT_MINOR_DETECTOR = 'face.apparent_minor';

/** Detector of {@link faceSignals} about faces that cannot be compared with anybody. */
export const FACE_IDENTITY_DETECTOR = 'face.identity';

/** An estimate from a picture never reads as certain. */
const HIGHEST = 0.99;

/** What ran, by card name: from the analyser where it is at hand, because only that knows the provider. */
function refOf(name: string, models: readonly ModelRef[]): ModelRef {
  const ran = models.find((model) => model.name === name);
  if (ran) return ran;
  const { version, sha256 } = modelCard(name);
  return { name, version, sha256 };
}

function apparentMinor(tracks: readonly FaceTrack[], model: ModelRef): Signal[] {
  const aged = tracks.flatMap((track) => (track.age ? [{ ...track, age: track.age }] : []));
  if (aged.length === 0) return [];
  const youngest = aged.reduce((a, b) => (b.age.under18 > a.age.under18 ? b : a));
  const { mean, low, high, under18 } = youngest.age;
  return [
    {
      detector: APPARENT_MINOR_DETECTOR,
      category: 'other',
      source: 'face',
      state: 'measured',
      score: Math.min(HIGHEST, under18),
      reason:
        `An estimate from a picture, only a reason to look: ${youngest.id} appears ${Math.round(mean)} years old ` +
        `(${low} to ${high}). Adults were estimated 5 to 9 years too young (five portraits); minors were not tested.`,
      coverage: 'low',
      model,
      at: { fromS: youngest.fromS, toS: youngest.toS },
      box: youngest.box,
    },
  ];
}

function identity(tracks: readonly FaceTrack[], model: ModelRef): Signal[] {
  const unknown = tracks.filter(({ state }) => state === 'unable');
  if (unknown.length === 0) return [];
  // The largest one is the one that a person would most expect to be recognised.
  const largest = unknown.reduce((a, b) => (b.widthPx > a.widthPx ? b : a));
  const count = unknown.length === 1 ? '1 face' : `${unknown.length} faces`;
  return [
    {
      detector: FACE_IDENTITY_DETECTOR,
      category: 'likeness',
      source: 'face',
      state: 'unable',
      score: null,
      reason: `${count} cannot be compared with anybody. ${largest.reason ?? 'No template could be taken.'}`,
      coverage: 'none',
      model,
      at: { fromS: largest.fromS, toS: largest.toS },
      box: largest.box,
    },
  ];
}

/**
 * Signals about a clip's faces: at most one about apparent age (`face.apparent_minor`, category `other`: the highest
 * share of the estimated age under 18 of any face) and at most one about faces that match nobody and clear nobody
 * (`face.identity`, `likeness`, `unable`). No faces, no signals.
 * @param models of the analyser; by default the model cards, without a provider
 */
export function faceSignals(tracks: readonly FaceTrack[], models: readonly ModelRef[] = []): Signal[] {
  return [
    ...apparentMinor(tracks, refOf(FACE_MODELS.faceres, models)),
    ...identity(tracks, refOf(FACE_MODELS.dlib, models)),
  ];
}

/**
 * What to report when the faces could not be looked at. It never reads as "nobody".
 * @param reason a short sentence, safe to show to a reviewer
 */
export function unableFaces(reason: string, models: readonly ModelRef[] = []): Signal[] {
  const base = { source: 'face', state: 'unable', score: null, reason, coverage: 'none' } as const;
  return [
    {
      detector: APPARENT_MINOR_DETECTOR,
      category: 'other',
      ...base,
      model: refOf(FACE_MODELS.faceres, models),
    },
    { detector: FACE_IDENTITY_DETECTOR, category: 'likeness', ...base, model: refOf(FACE_MODELS.dlib, models) },
  ];
}
