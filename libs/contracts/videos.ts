import { z } from 'zod';

/** Sizes of the Videos API, width x height in pixels. */
export const VIDEO_SIZES = ['720x1280', '1280x720', '1024x1792', '1792x1024'] as const;

/** Size of a clip, width x height in pixels. */
export const VideoSize = z.enum(VIDEO_SIZES);
export type VideoSize = z.infer<typeof VideoSize>;

/** Longest prompt accepted, in characters. */
export const PROMPT_MAX = 8000;

const prompt = z
  .string({ error: 'A prompt is required: describe the clip you want.' })
  .max(PROMPT_MAX, `The prompt is too long: at most ${PROMPT_MAX} characters.`)
  .refine((text) => text.trim().length > 0, 'The prompt is empty: describe the clip you want.');

/** Length of a clip in seconds, as the SDK sends it: a string. Numbers from hand-written clients are accepted. */
export const VideoSeconds = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.enum(['4', '8', '12'], { error: "seconds must be '4', '8' or '12'." }));

/** Largest reference image, in bytes. */
export const IMAGE_MAX_BYTES = 20_000_000;

/** A reference to an image: an uploaded file is carried beside the body. */
export const InputReference = z.union([
  z.strictObject({ image_url: z.string().max(14_000_000) }),
  z.strictObject({ file_id: z.string().max(200) }),
]);
export type InputReference = z.infer<typeof InputReference>;

/** Body of `POST /v1/videos` after multipart values were coerced. Unknown names are refused. */
export const CreateVideo = z.strictObject({
  prompt,
  model: z.string().min(1).max(100).optional(),
  seconds: VideoSeconds.optional(),
  size: z.enum(VIDEO_SIZES, { error: `size must be one of ${VIDEO_SIZES.join(', ')}.` }).optional(),
  input_reference: InputReference.optional(),
  characters: z
    .array(z.strictObject({ id: z.string().max(200) }))
    .max(2)
    .optional(),
  /** The tenant's own name for the person who asks. */
  user: z.string().min(1).max(256).optional(),
  /** Any text; the same prompt and seed give the same clip on the embedded engine. */
  seed: z
    .union([z.string().max(64), z.number().int()])
    .transform(String)
    .optional(),
});
export type CreateVideo = z.infer<typeof CreateVideo>;

/** Body of `POST /v1/videos/{id}/remix`. */
export const RemixVideo = z.strictObject({ prompt, user: z.string().min(1).max(256).optional() });
export type RemixVideo = z.infer<typeof RemixVideo>;

const sourceVideo = z.strictObject(
  { id: z.string().min(1).max(200) },
  { error: 'video must name a completed video of yours: {"id": "..."}.' },
);

/** How a clip was made from another one. */
export const DERIVATIONS = ['remix', 'edit', 'extension'] as const;
export const Derivation = z.enum(DERIVATIONS);
export type Derivation = z.infer<typeof Derivation>;

/** Body of `POST /v1/videos/edits`. */
export const EditVideo = z.strictObject({ prompt, video: sourceVideo, user: z.string().min(1).max(256).optional() });
export type EditVideo = z.infer<typeof EditVideo>;

/** Body of `POST /v1/videos/extensions`; `seconds` is the length of what is added. */
export const ExtendVideo = EditVideo.extend({
  seconds: z
    .union([z.string(), z.number()], { error: 'seconds is required: how much to add.' })
    .transform(String)
    .pipe(z.enum(['4', '8', '12', '16', '20'], { error: "seconds must be '4', '8', '12', '16' or '20'." })),
});
export type ExtendVideo = z.infer<typeof ExtendVideo>;

/** Query of `GET /v1/videos`. */
export const ListVideos = z.object({
  limit: z.coerce.number().int().min(0).max(100).default(20),
  after: z.string().max(100).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});
export type ListVideos = z.infer<typeof ListVideos>;

/** Which file of a finished clip is asked for. */
export const ContentVariant = z.enum(['video', 'thumbnail', 'spritesheet']).default('video');
export type ContentVariant = z.infer<typeof ContentVariant>;

/** The Video object of the OpenAI Videos API. Times are Unix seconds. */
export const Video = z.object({
  id: z.string(),
  object: z.literal('video'),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  progress: z.number().min(0).max(100),
  model: z.string(),
  prompt: z.string().nullable(),
  seconds: z.string(),
  size: z.string(),
  created_at: z.number().int(),
  completed_at: z.number().int().nullable(),
  expires_at: z.number().int().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  remixed_from_video_id: z.string().nullable(),
});
export type Video = z.infer<typeof Video>;

/** List envelope of the OpenAI API. */
export const VideoList = z.object({
  object: z.literal('list'),
  data: z.array(Video),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});
export type VideoList = z.infer<typeof VideoList>;

/** Answer of `DELETE /v1/videos/{id}`. */
export const VideoDeleted = z.object({ id: z.string(), deleted: z.literal(true), object: z.literal('video.deleted') });
export type VideoDeleted = z.infer<typeof VideoDeleted>;

/** Error envelope of the OpenAI API. */
export const ErrorEnvelope = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
    /** Present on `moderation_blocked`. */
    categories: z.array(z.string()).optional(),
    statement_id: z.string().optional(),
    /** Present on refusals by a limit: which one, whose, and when it allows again. */
    limit: z.string().optional(),
    set_by: z.enum(['platform', 'policy', 'guardian']).optional(),
    resets_at: z.iso.datetime().optional(),
    /** Present on a wrong number: how many tries are left. */
    tries_left: z.number().int().optional(),
    /** Present on a list that was refused: the first bad line, all of them up to a hundred, and how many there are. */
    line: z.number().int().optional(),
    faults: z.array(z.object({ line: z.number().int(), code: z.string(), message: z.string() })).optional(),
    bad_lines: z.number().int().optional(),
  }),
});
export type ErrorEnvelope = z.infer<typeof ErrorEnvelope>;
