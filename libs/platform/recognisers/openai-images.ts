import { z } from 'zod';
import { type Category } from '#contracts';
import { bearer, ServiceClient, type ServiceOptions } from './client.js';
import { badAnswer, RecogniserError } from './errors.js';
import { type FrameScores, type ImageLimits, type ImageModerator, imageModerator } from './images.js';

/** A service that understands the multimodal `POST /v1/moderations`. */
export interface OpenAiImageOptions extends ServiceOptions, ImageLimits {
  /** `omni-moderation-latest` by default. */
  model?: string;
}

/** Stable name of the detector. */
export const OPENAI_IMAGES = 'remote.openai';

// The categories that the service applies to pictures; `sexual/minors` and the rest it judges in text only.
const OURS = new Map<Category, readonly string[]>([
  ['sexual', ['sexual']],
  ['violence', ['violence']],
  ['graphic_violence', ['violence/graphic']],
  ['self_harm', ['self-harm', 'self-harm/intent', 'self-harm/instructions']],
]);

const MOST_BYTES = 20 * 1024 * 1024;

const Answer = z.object({
  model: z.string().min(1).max(200),
  results: z
    .array(
      z.object({
        category_scores: z.record(z.string(), z.number().min(0).max(1).nullable()),
        category_applied_input_types: z.record(z.string(), z.array(z.string()).nullable()),
      }),
    )
    .length(1),
});

function toScores(answer: z.infer<typeof Answer>): FrameScores {
  const [result] = answer.results;
  const scores = new Map<Category, number>();
  for (const [category, theirs] of OURS) {
    const values = theirs.map((name) => {
      // A service that only reads text answers with zeros; it says so here.
      if (!result?.category_applied_input_types[name]?.includes('image')) {
        throw badAnswer('The service did not look at the picture for every category.');
      }
      const score = result.category_scores[name];
      if (score == null) throw badAnswer('The answer of the service lacks a score.');
      return score;
    });
    scores.set(category, Math.max(...values));
  }
  return { scores, version: answer.model };
}

/**
 * Frames judged by OpenAI's moderation or a server with the same call: `sexual`, `violence`, `graphic_violence`,
 * `self_harm`. One picture per request, as the service demands.
 */
export function openAiImageModerator(options: OpenAiImageOptions): ImageModerator {
  const { model = 'omni-moderation-latest' } = options;
  const client = new ServiceClient(options, bearer(options.apiKey));
  return imageModerator({
    detector: OPENAI_IMAGES,
    model: { name: OPENAI_IMAGES, version: model, provider: 'remote' },
    covers: [...OURS.keys()],
    limits: options,
    judge: async ({ jpeg }, signal) => {
      if (jpeg.byteLength > MOST_BYTES) {
        throw new RecogniserError('recogniser_input_too_large', 'A frame is larger than the service takes.');
      }
      const url = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
      const body = { model, input: [{ type: 'image_url', image_url: { url } }] };
      const sent = { contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
      return toScores(await client.post('/v1/moderations', sent, Answer, signal));
    },
  });
}
