/**
 * Makes models/build/*.onnx out of the installed npm packages. Nothing is fetched. A file whose hash already is the
 * one on the model's card (models/cards) is left alone, so running this again costs only the hashing.
 */
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, projectRoot, sha256Hex } from '#kernel';
import { type ModelCard, loadManifest } from '#engines/inference';
import { ConversionError } from './convert/errors.js';
import { type GraphModelJson, type WeightGroup } from './convert/graph.js';

/** What a run did with one model. */
export interface BuiltModel {
  name: string;
  file: string;
  sha256: string;
  bytes: number;
  state: 'made' | 'kept';
}

/** Where to read and write; the defaults are the project's own folders. */
export interface BuildOptions {
  cards?: Record<string, ModelCard>;
  packages?: string;
  out?: string;
  /** The list of all models that is written for people and programs; by default models/manifest.json. */
  manifest?: string;
}

/** Reads the card's source files and refuses any whose SHA-256 is not the recorded one. */
function readSources(card: ModelCard, packages: string): Buffer[] {
  return card.source.files.map(({ path, sha256 }) => {
    const file = join(packages, card.source.package, path);
    const shown = `${card.source.package}/${path}`;
    if (!existsSync(file)) {
      throw new ConversionError('model_source_missing', `${shown} is not installed. Run npm ci.`);
    }
    const bytes = readFileSync(file);
    const found = sha256Hex(bytes);
    if (found !== sha256) {
      throw new ConversionError(
        'model_source_hash_mismatch',
        `${shown} has SHA-256 ${found}, not ${sha256}. The package is not ${card.source.version}, or it was altered.`,
      );
    }
    return bytes;
  });
}

async function convert(card: ModelCard, packages: string): Promise<Uint8Array> {
  const sources = readSources(card, packages);
  // Packages that ship ONNX need no translation: the file is taken as it is.
  if (card.source.format === 'onnx') return sources[0] as Buffer;
  const { convertDlibFace, convertGraphModel } = await import('./convert/index.js');
  const [topology, ...shards] = await Promise.all(
    sources.map((bytes, i) => open(bytes, card.source.files[i]?.path ?? '')),
  );
  const options = { name: card.name, input: card.input.name, results: card.results };
  const packed = Buffer.concat(shards as Buffer[]);
  switch (card.source.format) {
    case 'tfjs-graph-model':
      return convertGraphModel(topology as GraphModelJson, packed, options);
    case 'face-api-recognition':
      return convertDlibFace(topology as WeightGroup[], packed, options);
    default:
      throw new ConversionError('model_source_unreadable', `${card.name}: nothing reads "${card.source.format}".`);
  }
}

/** What a source file holds: JSON, raw weights, or a JavaScript module that carries either (weights as base64). */
async function open(bytes: Buffer, path: string): Promise<unknown> {
  if (path.endsWith('.bin')) return bytes;
  const text = bytes.toString('utf8');
  if (path.endsWith('.json')) return JSON.parse(text);
  const { readModuleExport } = await import('./convert/index.js');
  const value = readModuleExport(text, path);
  return typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}

/** Written beside and renamed, so that two builds at once never leave half a file. */
function replaceFile(path: string, data: Uint8Array | string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, data);
  renameSync(draft, path);
}

async function buildOne(card: ModelCard, packages: string, out: string): Promise<BuiltModel> {
  const path = join(out, card.file);
  const built = { name: card.name, file: card.file, sha256: card.sha256 };
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    if (sha256Hex(bytes) === card.sha256) return { ...built, bytes: bytes.length, state: 'kept' };
  }
  const onnx = await convert(card, packages);
  const sha256 = sha256Hex(onnx);
  if (sha256 !== card.sha256) {
    throw new ConversionError(
      'model_output_hash_mismatch',
      `${card.file} came out with SHA-256 ${sha256}, not ${card.sha256}. If the converter was changed on purpose, run ` +
        'its tests against the original network and record the new hash on its card.',
    );
  }
  replaceFile(path, onnx);
  return { ...built, bytes: onnx.length, state: 'made' };
}

/**
 * Makes what is missing and checks what is there.
 * @throws ConversionError when a source or a result has the wrong hash, or a source is missing or cannot be read
 */
export async function buildModels(options: BuildOptions = {}): Promise<BuiltModel[]> {
  const cards = options.cards ?? loadManifest();
  const packages = options.packages ?? join(projectRoot, 'node_modules');
  const out = options.out ?? join(projectRoot, 'models', 'build');
  mkdirSync(out, { recursive: true });
  const built: BuiltModel[] = [];
  for (const card of Object.values(cards)) built.push(await buildOne(card, packages, out));
  const listed = built.map(({ name, bytes }) => ({ bytes, ...(cards[name] as ModelCard) }));
  const text = `${JSON.stringify({ models: listed }, null, 2)}\n`;
  const manifest = options.manifest ?? join(options.out ?? join(projectRoot, 'models'), 'manifest.json');
  if (!existsSync(manifest) || readFileSync(manifest, 'utf8') !== text) replaceFile(manifest, text);
  return built;
}

async function main(): Promise<void> {
  const started = performance.now();
  try {
    for (const { name, file, bytes, state } of await buildModels()) {
      console.log(`${name}: ${state === 'made' ? 'made' : 'up to date'} (models/build/${file}, ${bytes} bytes)`);
    }
    console.log(`models ready in ${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(`models:build failed (${error.code}): ${error.message}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
