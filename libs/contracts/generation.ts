import { z } from 'zod';
import { VideoSize } from './videos.js';

/** Longest clip that is asked of a generator, in seconds. */
export const LONGEST_CLIP_S = 60;

/** What a generator is asked to make: everything that determines the clip. */
export const GenerationRequest = z.object({
  /** Our clip id; sent upstream as an idempotency key where the engine knows one. */
  clipId: z.string(),
  prompt: z.string(),
  /** Length of the whole result: of an extension, with the clip that it goes on from. */
  seconds: z.number().int().min(1).max(LONGEST_CLIP_S),
  size: VideoSize,
  /** Any text; the same request and seed give the same bytes on the embedded engine. */
  seed: z.string(),
  /** Model name asked of the engine. */
  model: z.string(),
  /** Path of a reference image file, already screened. */
  referencePath: z.string().optional(),
  /** Persons to show, each with a picture; all of them agreed to it. At most two. */
  characters: z
    .array(
      z.object({
        /** What the prompt calls the person. */
        name: z.string(),
        /** Path of a portrait of the person. */
        portraitPath: z.string(),
      }),
    )
    .optional(),
  /** The clip to change or to go on with; `prompt` then holds the words of the whole chain. */
  source: z
    .object({
      how: z.enum(['edit', 'extension']),
      /** Path of its file, without label and marks. */
      path: z.string(),
      seconds: z.number().int().min(1),
      /** The words of the change alone. */
      change: z.string(),
    })
    .optional(),
});
export type GenerationRequest = z.infer<typeof GenerationRequest>;

/** Where a generation stands. */
export const GenerationStatus = z.object({
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  progress: z.number().min(0).max(100),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type GenerationStatus = z.infer<typeof GenerationStatus>;
