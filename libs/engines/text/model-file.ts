import { CATEGORIES, type Category } from '#contracts';
import { messageOf, projectRoot, sha256Hex } from '#kernel';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextModelError } from './errors.js';
import { type LinearWeights, type TextModel, type Thresholds, type WordTag } from './types.js';

/** First bytes of a weights file: name and layout version. */
const MAGIC = 'IMPTXT02';
const HEAD = 24;

/** What `model.json` says about the weights beside it. */
export interface TextManifest {
  name: string;
  version: string;
  layout: string;
  files: { weights: { name: string; sha256: string }; words: { name: string; sha256: string } };
  labels: Category[];
  thresholds: Record<Category, Thresholds>;
}

/**
 * Writes weights as one block of bytes: magic, label count and table sizes (uint32 LE), chat shift (float32 LE), five float64 arrays
 * (word scale, character scale, bias, slope, offset), then the int8 table.
 */
export function encodeWeights(weights: LinearWeights): Uint8Array {
  const labels = weights.bias.length;
  const out = Buffer.alloc(HEAD + 5 * 8 * labels + weights.table.length);
  out.write(MAGIC, 0, 'latin1');
  out.writeUInt32LE(labels, 8);
  out.writeUInt32LE(weights.wordBits, 12);
  out.writeUInt32LE(weights.charBits, 16);
  out.writeFloatLE(weights.chatShift, 20);
  let at = HEAD;
  for (const list of [weights.wordScale, weights.charScale, weights.bias, weights.slope, weights.offset]) {
    for (const value of list) at = out.writeDoubleLE(value, at);
  }
  Buffer.from(weights.table.buffer, weights.table.byteOffset, weights.table.length).copy(out, at);
  return out;
}

/**
 * Reads what {@link encodeWeights} wrote.
 * @throws TextModelError `text_model_unsupported` for another layout, `text_model_corrupt` for a wrong length
 */
function decodeWeights(bytes: Uint8Array): LinearWeights {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < HEAD || data.toString('latin1', 0, 8) !== MAGIC) {
    throw new TextModelError('text_model_unsupported', 'The text model has a layout that this version cannot read.');
  }
  const [labels, wordBits, charBits] = [data.readUInt32LE(8), data.readUInt32LE(12), data.readUInt32LE(16)];
  const size = ((1 << wordBits) + (1 << charBits)) * labels;
  if (labels > 64 || wordBits > 20 || charBits > 20 || data.length !== HEAD + 40 * labels + size) {
    throw new TextModelError('text_model_corrupt', 'The text model is shorter or longer than its head says.');
  }
  let at = HEAD;
  const list = () => Array.from({ length: labels }, () => data.readDoubleLE((at += 8) - 8));
  const [wordScale, charScale, bias, slope, offset] = [list(), list(), list(), list(), list()];
  const table = new Int8Array(data.subarray(at)); // a copy: the file's buffer may be pooled
  return { wordBits, charBits, table, wordScale, charScale, bias, slope, offset, chatShift: data.readFloatLE(20) };
}

function readChecked(dir: string, file: { name: string; sha256: string }): Buffer {
  const path = join(dir, file.name);
  if (!existsSync(path)) {
    throw new TextModelError(
      'text_model_missing',
      `The text model's file ${file.name} is missing; restore models/text.`,
    );
  }
  const bytes = readFileSync(path);
  if (sha256Hex(bytes) !== file.sha256) {
    throw new TextModelError(
      'text_model_corrupt',
      `The text model's file ${file.name} is not the one that model.json names (SHA-256 differs); restore models/text.`,
    );
  }
  return bytes;
}

function readManifest(dir: string): TextManifest {
  const path = join(dir, 'model.json');
  if (!existsSync(path))
    throw new TextModelError('text_model_missing', 'There is no text model: model.json is missing.');
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as TextManifest;
    const complete =
      typeof manifest.version === 'string' &&
      manifest.labels.length === CATEGORIES.length &&
      manifest.labels.every((label, i) => label === CATEGORIES[i] && manifest.thresholds[label].hold > 0) &&
      typeof manifest.files.weights.sha256 === 'string' &&
      typeof manifest.files.words.sha256 === 'string';
    if (complete) return manifest;
  } catch (thrown) {
    throw new TextModelError('text_model_corrupt', `model.json cannot be read: ${messageOf(thrown)}`, thrown);
  }
  throw new TextModelError(
    'text_model_unsupported',
    'model.json does not describe the labels that this version knows.',
  );
}

function readWords(text: string): Map<string, WordTag> {
  const words = new Map<string, WordTag>();
  for (const line of text.split('\n')) {
    const tag = line[0];
    if (tag === 'e' || tag === 'f' || tag === 'b') words.set(line.slice(2), tag);
  }
  return words;
}

/**
 * Loads a text model, synchronously (about 15 ms).
 * @param dir folder with `model.json` and the files it names; the committed model when left out
 * @throws TextModelError when a file is missing, is not the one whose SHA-256 the manifest names, or has another layout
 */
export function loadTextModel(dir: string = join(projectRoot, 'models', 'text')): TextModel {
  const manifest = readManifest(dir);
  const weights = decodeWeights(readChecked(dir, manifest.files.weights));
  if (weights.bias.length !== manifest.labels.length) {
    throw new TextModelError('text_model_corrupt', 'The weights and model.json disagree about the number of labels.');
  }
  return {
    ref: { name: manifest.name, version: manifest.version, sha256: manifest.files.weights.sha256, provider: 'js' },
    labels: manifest.labels,
    thresholds: manifest.thresholds,
    weights,
    words: readWords(readChecked(dir, manifest.files.words).toString('utf8')),
  };
}
