import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError, messageOf } from '#kernel';
import { type EmbeddedOptions } from './embedded.js';
import { PROFILE_NAMES } from './profiles.js';
import { createGenerators, type GeneratorConfig, type Generators } from './registry.js';

const common = {
  name: z.string().regex(/^[\w.-]{1,60}$/),
  /** Names by which clients may ask for it. */
  models: z.array(z.string().min(1).max(100)).optional(),
};
const remote = {
  ...common,
  baseUrl: z.url({ protocol: /^https?$/ }),
  maxBytes: z.number().int().positive().optional(),
  version: z.string().optional(),
};
const slot = z.string().startsWith('/');

const Engine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedded'), ...common }),
  z.strictObject({
    kind: z.literal('openai-videos'),
    ...remote,
    profile: z.enum(PROFILE_NAMES),
    /** Environment variable that holds the engine's API key. */
    apiKeyEnv: z.string().optional(),
    model: z.string().optional(),
    slots: z.number().int().min(1).max(1000).optional(),
    fps: z.number().min(1).max(120).optional(),
    extra: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({
    kind: z.literal('comfyui'),
    ...remote,
    /** Graph in API format, relative to this file. */
    graphFile: z.string(),
    slots: z.strictObject({
      prompt: slot,
      seed: slot.optional(),
      width: slot.optional(),
      height: slot.optional(),
      frames: slot.optional(),
      fps: slot.optional(),
      image: slot.optional(),
    }),
    fps: z.number().min(1).max(120),
    extraFrames: z.number().int().min(0).max(10).optional(),
  }),
]);

const EnginesFile = z.strictObject({ default: z.string().optional(), engines: z.array(Engine).min(1) });

/** The embedded engine, for when the file names it or there is no file. */
export type EmbeddedParts = Omit<EmbeddedOptions, 'name'>;

/**
 * Builds the engines that a YAML file names; without a file, the embedded one.
 * Addresses come from the operator, so private ones are allowed.
 * @throws AppError `generators_config_invalid` naming the fault
 */
export function loadGenerators(
  path: string | undefined,
  embedded: EmbeddedParts,
  env: Record<string, string | undefined> = process.env,
): Generators {
  if (!path) return createGenerators({ generators: [{ kind: 'embedded', name: 'imprimatur-scene', ...embedded }] });
  try {
    const file = EnginesFile.parse(parse(readFileSync(path, 'utf8')));
    const generators = file.engines.map((engine): GeneratorConfig & { models?: readonly string[] } => {
      if (engine.kind === 'embedded') return { ...embedded, ...engine };
      if (engine.kind === 'comfyui') {
        const { graphFile, ...rest } = engine;
        const graph = z
          .record(z.string(), z.unknown())
          .parse(JSON.parse(readFileSync(resolve(dirname(path), graphFile), 'utf8')));
        return { ...rest, graph, allowPrivate: true };
      }
      const { apiKeyEnv, ...rest } = engine;
      const apiKey = apiKeyEnv ? env[apiKeyEnv] : undefined;
      if (apiKeyEnv && !apiKey) throw new Error(`the variable ${apiKeyEnv} for the engine ${engine.name} is not set`);
      return { ...rest, apiKey, allowPrivate: true };
    });
    return createGenerators({ generators, default: file.default });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new AppError('invalid', 'generators_config_invalid', `The engines file cannot be used: ${why}`, { cause });
  }
}
