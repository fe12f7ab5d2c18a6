import { z } from 'zod';
import { VideoSize } from './videos.js';

/** What a generator is asked to make: everything that determines the clip. */
export const GenerationRequest = z.object({
  /** Our clip id; sent upstream as an idempotency key where the engine knows one. */
  clipId: z.string(),
  prompt: z.string(),
  seconds: z.number().int().min(1).max(60),
  size: VideoSize,
  /** Any text; the same request and seed give the same bytes on the embedded engine. */
  seed: z.string(),
  /** Model name asked of the engine. */
  model: z.string(),
  /** Path of a reference image file, already screened. */
  referencePath: z.string().optional(),
});
export type GenerationRequest = z.infer<typeof GenerationRequest>;

/** Where a generation stands. */
export const GenerationStatus = z.object({
  status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
  progress: z.number().min(0).max(100),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type GenerationStatus = z.infer<typeof GenerationStatus>;
