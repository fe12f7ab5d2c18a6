import { z } from 'zod';
import { type Category } from '#contracts';
import { ServiceClient, type ServiceOptions } from './client.js';
import { badAnswer, RecogniserError } from './errors.js';
import { type ImageLimits, type ImageModerator, imageModerator } from './images.js';

/** An Azure AI Content Safety resource; `baseUrl` is its endpoint. */
export interface AzureImageOptions extends ServiceOptions, ImageLimits {}

/** Stable name of the detector. */
export const AZURE_IMAGES = 'remote.azure';

/** Version of the call; it fixes the meaning of the severities. */
const API_VERSION = '2024-09-01';

const OURS = new Map<string, Category>([
  ['Hate', 'hate'],
  ['SelfHarm', 'self_harm'],
  ['Sexual', 'sexual'],
  ['Violence', 'violence'],
]);

/**
 * Severity 0..7 as a score. Pictures get 0, 2, 4 or 6: safe, low, medium, high. Ours, so that medium is held and high
 * refused under thresholds of 0.5 and 0.85; not a probability.
 */
const SCORES = [0, 0.2, 0.35, 0.5, 0.7, 0.8, 0.95, 1];

/** The service's own limit. */
const MOST_BYTES = 4 * 1024 * 1024;

const Answer = z.object({
  categoriesAnalysis: z.array(z.object({ category: z.string(), severity: z.number().int().min(0).max(7) })).max(100),
});

function toScores({ categoriesAnalysis }: z.infer<typeof Answer>): Map<Category, number> {
  const scores = new Map<Category, number>();
  for (const { category, severity } of categoriesAnalysis) {
    const ours = OURS.get(category);
    if (ours !== undefined) scores.set(ours, Math.max(scores.get(ours) ?? 0, SCORES[severity] ?? 1));
  }
  if (scores.size !== OURS.size) throw badAnswer('The service did not judge every category.');
  return scores;
}

/** Frames judged by Azure AI Content Safety: `hate`, `self_harm`, `sexual`, `violence`. */
export function azureImageModerator(options: AzureImageOptions): ImageModerator {
  const client = new ServiceClient(options, options.apiKey ? { 'ocp-apim-subscription-key': options.apiKey } : {});
  return imageModerator({
    detector: AZURE_IMAGES,
    model: { name: AZURE_IMAGES, version: API_VERSION, provider: 'remote' },
    covers: [...OURS.values()],
    limits: options,
    judge: async ({ jpeg }, signal) => {
      if (jpeg.byteLength > MOST_BYTES) {
        throw new RecogniserError('recogniser_input_too_large', 'A frame is larger than the service takes.');
      }
      const body = {
        image: { content: Buffer.from(jpeg).toString('base64') },
        categories: [...OURS.keys()],
        outputType: 'FourSeverityLevels',
      };
      const sent = { contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) };
      const path = `/contentsafety/image:analyze?api-version=${API_VERSION}`;
      return { scores: toScores(await client.post(path, sent, Answer, signal)) };
    },
  });
}
