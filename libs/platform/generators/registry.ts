import { AppError } from '#kernel';
import { comfyUiGenerator, type ComfyUiOptions } from './comfyui.js';
import { embeddedGenerator, type EmbeddedOptions } from './embedded.js';
import { openAiVideosGenerator, type OpenAiVideosOptions } from './openai-videos.js';
import { type Generator } from './port.js';

/** One generator to build, or one that is built already. */
export type GeneratorConfig =
  | ({ kind: 'embedded' } & EmbeddedOptions)
  | ({ kind: 'openai-videos' } & OpenAiVideosOptions)
  | ({ kind: 'comfyui' } & ComfyUiOptions)
  | { kind: 'instance'; generator: Generator };

/** All generators of a deployment. */
export interface GeneratorsConfig {
  /** `models`: names by which clients may ask for it, besides its own. */
  generators: readonly (GeneratorConfig & { models?: readonly string[] })[];
  /** Name or model of the generator that is used when the client names none; the first one without it. */
  default?: string;
}

/** The generators of a deployment, by model. */
export interface Generators {
  readonly all: readonly Generator[];
  readonly defaultGenerator: Generator;
  /** Names that clients may ask for, the aliases of the default apart. */
  readonly models: readonly string[];
  /**
   * The generator for a model. Nothing, `sora-2`, `sora-2-pro` and their dated names mean the default.
   * @throws AppError `model_not_found` (invalid, param `model`); `details.data.models` lists the known ones
   */
  readonly selectGenerator: (model?: string | null) => Generator;
  /** The generator of that name, as stored with a clip; undefined when it is not configured any more. */
  readonly generatorNamed: (name: string) => Generator | undefined;
}

function build(config: GeneratorConfig): Generator {
  switch (config.kind) {
    case 'embedded':
      return embeddedGenerator(config);
    case 'openai-videos':
      return openAiVideosGenerator(config);
    case 'comfyui':
      return comfyUiGenerator(config);
    case 'instance':
      return config.generator;
  }
}

function invalid(message: string): AppError {
  return new AppError('invalid', 'generators_config_invalid', message);
}

function modelNotFound(model: string, models: string[]): AppError {
  const shown = /^[\w.:/ -]{1,100}$/.test(model) ? `"${model}"` : 'of this name';
  const message = `There is no model ${shown}. Known models: ${models.join(', ')}.`;
  return new AppError('invalid', 'model_not_found', message, { param: 'model', data: { models } });
}

const ALIAS = /^sora-2(-pro)?(-\d{4}-\d{2}-\d{2})?$/;

/**
 * Builds the configured generators.
 * @throws AppError `generators_config_invalid` when there is none, or two share a name or model; what the adapters throw
 */
export function createGenerators(config: GeneratorsConfig): Generators {
  const byName = new Map<string, Generator>();
  const byModel = new Map<string, Generator>();
  for (const entry of config.generators) {
    const generator = build(entry);
    if (byName.has(generator.name)) throw invalid(`Two generators are called "${generator.name}".`);
    byName.set(generator.name, generator);
    for (const model of new Set([generator.name, ...(entry.models ?? [])])) {
      if (byModel.has(model)) throw invalid(`Two generators make the model "${model}".`);
      byModel.set(model, generator);
    }
  }
  const all = [...byName.values()];
  const defaultGenerator = config.default === undefined ? all[0] : byModel.get(config.default);
  if (!defaultGenerator) throw invalid(`There is no generator "${config.default ?? ''}" to be the default.`);
  const models = [...byModel.keys()];
  return {
    all,
    models,
    defaultGenerator,
    generatorNamed: (name) => byName.get(name),
    selectGenerator: (model) => {
      const found = model == null ? defaultGenerator : byModel.get(model);
      if (found) return found;
      if (model != null && ALIAS.test(model)) return defaultGenerator;
      throw modelNotFound(model ?? '', models);
    },
  };
}
