import { z } from 'zod';
import { FrameBox, ModelRef, Still } from './signals.js';

/** Words seen on the screen, the same line once however many frames it stands in. */
export const ScreenText = z.object({
  text: z.string(),
  /** `handle`: a name such as `@someone` or a web address; `mark`: a known third-party watermark; `text`: all else. */
  kind: z.enum(['text', 'handle', 'mark']),
  fromS: z.number(),
  toS: z.number(),
  /** Frames in which it was read. */
  frames: z.number().int(),
  /** Mean confidence of the characters, 0..1. */
  confidence: z.number().min(0).max(1),
  /** Around the line, at the most confident reading. */
  box: FrameBox,
});
export type ScreenText = z.infer<typeof ScreenText>;

/** One stretch of speech. */
export const Utterance = z.object({
  fromS: z.number(),
  toS: z.number(),
  /** What was said; null when nobody could tell. */
  text: z.string().nullable(),
  /** BCP 47 language, where the transcriber says it. */
  language: z.string().optional(),
});
export type Utterance = z.infer<typeof Utterance>;

/** What was found in the sound track. */
export const SpeechFinding = z.object({
  /**
   * `silent`: no sound track or no speech in it. `heard`: all speech has a transcript. `unable`: there is speech that
   * could not be transcribed, or the sound could not be examined.
   */
  state: z.enum(['silent', 'heard', 'unable']),
  /** Seconds of speech; null when the sound could not be examined. */
  seconds: z.number().nullable(),
  utterances: z.array(Utterance),
  reason: z.string().optional(),
  /** What found and what transcribed the speech. */
  models: z.array(ModelRef),
});
export type SpeechFinding = z.infer<typeof SpeechFinding>;

/** One person's face through time. The template itself is never part of it. */
export const FaceSighting = z.object({
  /** Stable within the clip, `face_1`, ... */
  id: z.string(),
  fromS: z.number(),
  toS: z.number(),
  /** Sampled frames in which it was found. */
  frames: z.number().int(),
  /** The best view of it. */
  atS: z.number(),
  box: FrameBox,
  /** Width of the face in the best view, in pixels of the frame looked at. */
  widthPx: z.number(),
  /** `measured`: a template could be taken. `unable`: too small, blurred or turned away; it matches nobody and clears nobody. */
  state: z.enum(['measured', 'unable']),
  reason: z.string().optional(),
  /** Apparent age in years with a known bias (see the model card); only ever a reason to look. */
  age: z
    .object({
      mean: z.number(),
      /** Central 80 % of the distribution. */
      low: z.number(),
      high: z.number(),
      /** Share of the distribution below 18 years, 0..1; not a calibrated probability. */
      under18: z.number().min(0).max(1),
    })
    .nullable(),
});
export type FaceSighting = z.infer<typeof FaceSighting>;

/** A fingerprint of the clip that is near one in a hash bank. */
export const BankMatch = z.object({
  bank: z.object({ id: z.string(), name: z.string(), kind: z.enum(['block', 'reupload', 'own_releases']) }),
  algorithm: z.enum(['pdq', 'vpdq']),
  /** Second of this clip. */
  atS: z.number(),
  /** Bits of 256 that differ. */
  distance: z.number().int().min(0).max(256),
  /** Both hashes, 64 hex digits; null for entries of shared banks, which only their keeper may read. */
  hash: z.string(),
  bankHash: z.string().nullable(),
  /** The bank's own label for its entry. */
  label: z.string().nullable(),
  /** Share of this clip's hashed seconds that match this entry's clip, 0..1. */
  share: z.number().min(0).max(1),
});
export type BankMatch = z.infer<typeof BankMatch>;

/** Perceptual fingerprint of a clip: one PDQ hash a second. */
export const VideoFingerprint = z.object({
  algorithm: z.literal('vpdq'),
  hashes: z.array(
    z.object({
      atS: z.number(),
      /** 64 hex digits. */
      hash: z.string(),
      /** 0..100; under 50 the picture holds too little to be told apart. */
      quality: z.number(),
    }),
  ),
});
export type VideoFingerprint = z.infer<typeof VideoFingerprint>;

/** Everything seen and heard in a finished clip besides scores: what a moderator looks at. */
export const Inspection = z.object({
  /** Frames that were looked at. */
  frames: z.number().int(),
  durationS: z.number(),
  texts: z.array(ScreenText),
  speech: SpeechFinding,
  faces: z.array(FaceSighting),
  fingerprint: VideoFingerprint,
  matches: z.array(BankMatch),
  stills: z.array(Still),
  /** Execution provider and every model that looked, for replay. */
  provider: z.string(),
  models: z.array(ModelRef),
  /** Raises a held clip in the queue, 0..1; never a reason by itself. */
  priority: z.number().min(0).max(1),
  /** Milliseconds per part. */
  timings: z.record(z.string(), z.number()),
});
export type Inspection = z.infer<typeof Inspection>;
