import { z } from 'zod';
import { LivenessChallenge, LivenessCheckName, LivenessLocale, LivenessText } from './liveness.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();

/** An `@handle` without the @: 3 to 30 letters, digits, dots, dashes and underscores, lower case. */
export const Handle = z
  .string()
  .trim()
  .transform((text) => text.replace(/^@/, '').toLowerCase())
  .pipe(
    z.string().regex(/^[a-z0-9][a-z0-9._-]{1,28}[a-z0-9]$/, {
      error:
        'A handle has 3 to 30 letters, digits, dots, dashes or underscores and begins and ends with a letter or digit.',
    }),
  );

/** Where an enrolment stands. `done`, `failed` and `expired` are ends. */
export const EnrolmentState = z.enum(['open', 'released', 'challenged', 'checking', 'done', 'failed', 'expired']);
export type EnrolmentState = z.infer<typeof EnrolmentState>;

/** What a recording was refused for, besides the checks of liveness. */
export const EnrolmentFault = z.enum([
  /** It does not show, beyond doubt, a living person who answers the challenge. */
  'liveness_failed',
  /** The face is too small, dark or blurred to be recognised later. */
  'face_not_usable',
  /** The person looks younger than the policy's age. */
  'age_not_confirmed',
  /** The face belongs to somebody who is enrolled already. */
  'face_already_enrolled',
  /** The face belongs to somebody in the protected register. */
  'face_protected',
  /** Another person took the handle meanwhile. */
  'handle_taken',
  /** A part of the service was not there. Trying again may help. */
  'not_checked',
]);
export type EnrolmentFault = z.infer<typeof EnrolmentFault>;

/** What the checks of the last recording said, for the person who made it. */
export const EnrolmentResult = z.object({
  passed: z.boolean(),
  fault: EnrolmentFault.nullable(),
  /** One sentence for the person. */
  reason: LivenessText.nullable(),
  checks: z.array(
    z.object({ name: LivenessCheckName, state: z.enum(['passed', 'failed', 'unable']), reason: LivenessText }),
  ),
  /** Whether a voice template was kept too; false where no speaker model is configured or too little was said. */
  voice: z.boolean(),
});
export type EnrolmentResult = z.infer<typeof EnrolmentResult>;

/** Body of `POST /v1/consent/enrolments`. */
export const CreateEnrolment = z.strictObject({
  /** The tenant's own name for the person. */
  user: z.string().min(1).max(256).optional(),
  handle: Handle.optional(),
  locale: LivenessLocale.default('en'),
});
export type CreateEnrolment = z.infer<typeof CreateEnrolment>;

/** Which text somebody read before anything was recorded. */
export const NoticeRef = z.object({ version: z.string(), sha256 });

/** An enrolment as its tenant sees it; `url` and `secret` only in the answer that creates it. */
export const Enrolment = z.object({
  id: z.string(),
  object: z.literal('consent.enrolment'),
  state: EnrolmentState,
  user: z.string().nullable(),
  handle: z.string().nullable(),
  notice: NoticeRef,
  tries_left: z.number().int(),
  /** Why the last recording was refused. */
  fault: EnrolmentFault.nullable(),
  person_id: z.string().nullable(),
  created_at: time,
  expires_at: time,
  /** Hosted page for the person, with the secret behind the #. */
  url: z.string().optional(),
  secret: z.string().optional(),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** `GET /v1/consent/enrol` (bearer: the secret of the enrolment): all that the page shows. */
export const EnrolView = z.object({
  object: z.literal('consent.enrol'),
  state: EnrolmentState,
  /** The platform that asks. */
  platform: z.string(),
  locale: LivenessLocale,
  handle: z.string().nullable(),
  /** The whole text, to be shown before anything is asked. Paragraphs are parted by empty lines. */
  notice: NoticeRef.extend({ text: LivenessText, keep_days: z.number().int() }),
  /** Nobody younger can enrol. */
  minimum_age: z.number().int(),
  tries_left: z.number().int(),
  /** While it can be answered. */
  challenge: LivenessChallenge.nullable(),
  result: EnrolmentResult.nullable(),
  expires_at: time,
  /** Once, in the first answer after the end: keep `manage_url`, it is the person's own page. */
  person: z.object({ person_id: z.string(), handle: z.string(), manage_url: z.string() }).nullable(),
});
export type EnrolView = z.infer<typeof EnrolView>;

/** Body of `POST /v1/consent/enrol/release`: what the person signs before anything is recorded. */
export const EnrolRelease = z.strictObject({
  accept: z.literal(true, { error: 'Nothing is recorded without your agreement to the notice.' }),
  /** SHA-256 of the notice that was read. */
  notice_sha256: sha256,
  name: z.string().trim().min(1).max(100),
  birth_date: z.iso.date(),
  attest: z.strictObject({
    is_me: z.literal(true, { error: 'You can only enrol yourself.' }),
    is_adult: z.literal(true, { error: 'Only adults can enrol.' }),
  }),
  handle: Handle.optional(),
});
export type EnrolRelease = z.infer<typeof EnrolRelease>;

/** Body of `POST /v1/consent/enrol/challenge`. */
export const EnrolChallenge = z.strictObject({
  /** `calm` gives twice the time for each movement. */
  pace: z.enum(['usual', 'calm']).default('usual'),
});
export type EnrolChallenge = z.infer<typeof EnrolChallenge>;

/** Fields beside the file `video` of `POST /v1/consent/enrol/recording`. */
export const EnrolRecording = z.strictObject({
  /** Whether the camera delivered a mirror image. The page knows. */
  mirrored: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
});
export type EnrolRecording = z.infer<typeof EnrolRecording>;

/** Answer of `POST /v1/consent/enrol/recording`: poll `GET /v1/consent/enrol`. */
export const EnrolChecking = z.object({ object: z.literal('consent.enrol'), state: z.literal('checking') });
export type EnrolChecking = z.infer<typeof EnrolChecking>;
