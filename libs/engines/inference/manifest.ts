import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, projectRoot } from '#kernel';
import { InferenceError } from './errors.js';

/** One entry of models/manifest.json: where a model comes from, what it eats, and what it is worth. */
export interface ModelCard {
  name: string;
  version: string;
  /** File name inside models/build. */
  file: string;
  /** SHA-256 of that file. */
  sha256: string;
  licence: string;
  source: {
    package: string;
    version: string;
    format: string;
    /** The network's description first, then its weights in order. Paths are inside the package. */
    files: { path: string; sha256: string }[];
  };
  input: {
    name: string;
    layout: string;
    /** -1 stands for the batch. */
    shape: number[];
    channels: string;
    normalisation: string;
    resize: string;
  };
  /** Names of the values of the last axis of the output. */
  outputs: string[];
  thresholds: Record<string, number>;
  card: Record<string, string>;
}

/**
 * All model cards by name.
 * @param path the manifest; by default the project's own
 * @throws InferenceError `model_manifest_unreadable`
 */
export function loadManifest(path = join(projectRoot, 'models', 'manifest.json')): Record<string, ModelCard> {
  try {
    const { models } = JSON.parse(readFileSync(path, 'utf8')) as { models: Record<string, Omit<ModelCard, 'name'>> };
    return Object.fromEntries(Object.entries(models).map(([name, card]) => [name, { name, ...card }]));
  } catch (cause) {
    throw new InferenceError(
      'model_manifest_unreadable',
      `The model manifest cannot be read: ${messageOf(cause)}`,
      cause,
    );
  }
}

/**
 * One model's card.
 * @throws InferenceError `model_unknown`, `model_manifest_unreadable`
 */
export function modelCard(name: string): ModelCard {
  const card = loadManifest()[name];
  if (!card) throw new InferenceError('model_unknown', `models/manifest.json has no model "${name}".`);
  return card;
}

/** Absolute path of a model's built file; it exists after `npm run models:build`. */
export function modelPath(card: ModelCard): string {
  return join(projectRoot, 'models', 'build', card.file);
}
