import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, projectRoot } from '#kernel';
import { InferenceError } from './errors.js';

/** One file of models/cards: where a model comes from, what it eats, and what it is worth. */
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
  /** Names of the values of the last axis of the output; with several outputs, the outputs' names. */
  outputs: string[];
  /** The outputs of a network that has several, or of which only a part is used. */
  results?: {
    name: string;
    /** Nodes of the original; several are put side by side along axis 1. Empty for a network without a graph file. */
    nodes: string[];
    /** -1 stands for the batch. */
    shape: number[];
    /** What the values mean, with units. */
    what: string;
  }[];
  thresholds: Record<string, number>;
  card: Record<string, string>;
}

/**
 * All model cards by name.
 * @param dir folder of the cards, one `<name>.json` each; by default the project's own
 * @throws InferenceError `model_manifest_unreadable`
 */
export function loadManifest(dir = join(projectRoot, 'models', 'cards')): Record<string, ModelCard> {
  try {
    const names = readdirSync(dir).filter((file) => file.endsWith('.json'));
    return Object.fromEntries(
      names.sort().map((file) => {
        const name = file.slice(0, -'.json'.length);
        const card = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Omit<ModelCard, 'name'>;
        return [name, { name, ...card }];
      }),
    );
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
  if (!card) throw new InferenceError('model_unknown', `models/cards has no model "${name}".`);
  return card;
}

/** Absolute path of a model's built file; it exists after `npm run models:build`. */
export function modelPath(card: ModelCard): string {
  return join(projectRoot, 'models', 'build', card.file);
}
