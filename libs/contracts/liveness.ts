import { z } from 'zod';

/** One movement that is asked of a person. Left and right are the person's own. */
export const LivenessAction = z.enum(['turn_left', 'turn_right', 'look_up', 'look_down', 'blink_once', 'blink_twice']);
export type LivenessAction = z.infer<typeof LivenessAction>;

/** A language in which a person is told what to do and why something failed. */
export const LivenessLocale = z.enum(['en', 'fr']);
export type LivenessLocale = z.infer<typeof LivenessLocale>;

/** The same sentence in every language that is offered. */
export const LivenessText = z.object({ en: z.string(), fr: z.string() });
export type LivenessText = z.infer<typeof LivenessText>;

/** What a person must do while recording; made at random, for one recording only. */
export const LivenessChallenge = z
  .object({
    version: z.literal(1),
    /** 128 random bits, 32 hex digits. The recording is handed in under it, and it is used once. */
    nonce: z.string().regex(/^[0-9a-f]{32}$/),
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** Language of the instructions below; the answer is understood in both. */
    locale: LivenessLocale,
    /** Seconds from the start of the recording in which the person looks straight ahead, so that the zero is known. */
    leadS: z.number().positive(),
    /** In order. The screen shows each instruction from `fromS` and takes it away at `toS`, from the recording's start. */
    steps: z
      .array(
        z.object({
          action: LivenessAction,
          fromS: z.number().positive(),
          toS: z.number().positive(),
          instruction: z.string(),
        }),
      )
      .min(3)
      .max(5),
    /** Digits to say aloud or to hold up in writing at any time of the recording. */
    code: z.string().regex(/^[2-9]{5}$/),
    codeInstruction: z.string(),
    /** Shortest recording that holds the whole challenge, in seconds. */
    lengthS: z.number().positive(),
  })
  .refine((c) => c.issuedAt < c.expiresAt, 'A challenge must expire after it was issued.')
  .refine(
    (c) => c.steps.every((s, i) => s.fromS < s.toS && s.fromS >= (c.steps[i - 1]?.toS ?? c.leadS)),
    'The steps must follow one another.',
  );
export type LivenessChallenge = z.infer<typeof LivenessChallenge>;

/** What is looked at, one after the other. */
export const LivenessCheckName = z.enum([
  'frames',
  'face',
  'size',
  'cuts',
  'time',
  'code',
  'person',
  'actions',
  'eyes',
  'depth',
  'motion',
]);
export type LivenessCheckName = z.infer<typeof LivenessCheckName>;

/** One check of a recording. `unable` is never a pass. */
export const LivenessCheck = z.object({
  name: LivenessCheckName,
  state: z.enum(['passed', 'failed', 'unable']),
  /** What was measured, and the limit it was held against; names say the unit. */
  measured: z.record(z.string(), z.number()),
  reason: LivenessText,
});
export type LivenessCheck = z.infer<typeof LivenessCheck>;

/** `live` only if every check passed; `not_live` if one failed; otherwise nobody can tell. */
export const LivenessResult = z.object({
  result: z.enum(['live', 'not_live', 'unable']),
  nonce: z.string(),
  checks: z.array(LivenessCheck),
});
export type LivenessResult = z.infer<typeof LivenessResult>;
