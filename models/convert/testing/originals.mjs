// Runs a network as published, in TensorFlow.js on WebAssembly, without any of our own decoding.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');

const exactBuffer = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

async function start() {
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await tf.setBackend('wasm');
  await tf.ready();
}

/** A graph model: `files` are its description (.js module or .json) and its weights (.js with base64, or .bin). */
async function graphModel({ files, results }) {
  const [model, ...shards] = files.map((f) => (f.endsWith('.bin') ? readFileSync(f) : require(f)));
  const weights = Buffer.concat(shards.map((s) => (typeof s === 'string' ? Buffer.from(s, 'base64') : s)));
  const network = await loadGraphModel({
    load: async () => ({
      modelTopology: model.modelTopology,
      format: 'graph-model',
      weightSpecs: model.weightsManifest[0].weights,
      weightData: exactBuffer(weights),
    }),
  });
  const nodes = results?.flatMap((r) => r.nodes) ?? network.outputNodes;
  const groups = results ?? [{ name: 'output', nodes }];
  return (batch) => {
    const found = [network.execute(batch, nodes)].flat();
    const parts = (group) => found.splice(0, group.nodes.length);
    return Object.fromEntries(groups.map((g) => [g.name, g.nodes.length > 1 ? tf.concat(parts(g), 1) : parts(g)[0]]));
  };
}

/** face-api's own code, with its own weights. */
async function faceApi(net, { files: [manifest, weights] }, outputsOf) {
  const api = require('@vladmandic/face-api/dist/face-api.node-wasm.js');
  const specs = require(manifest).flatMap((group) => group.weights);
  net(api).loadFromWeightMap(tf.io.decodeWeights(exactBuffer(readFileSync(weights)), specs));
  return (batch) => outputsOf(net(api), new api.NetInput([batch]));
}

const FORMATS = {
  'tfjs-graph-model': graphModel,
  'face-api-recognition': (original) =>
    faceApi(
      (api) => api.nets.faceRecognitionNet,
      original,
      (net, input) => ({ embedding: net.forwardInput(input) }),
    ),
};

/**
 * Opens the original of a card. Pictures are run one by one, because some networks take one only.
 * @param original {format, files: absolute paths, results: those of the card}
 * @returns (values, shape) => Promise<{[result name]: Float32Array}>
 */
export async function openOriginal(original) {
  await start();
  const run = await FORMATS[original.format](original);
  return async (values, [pictures, ...shape]) => {
    const size = values.length / pictures;
    const found = {};
    for (let i = 0; i < pictures; i++) {
      const batch = tf.tensor(values.slice(i * size, (i + 1) * size), [1, ...shape]);
      const results = run(batch);
      for (const [name, tensor] of Object.entries(results)) (found[name] ??= []).push(await tensor.data());
      tf.dispose([batch, results]);
    }
    const joined = (parts) => Float32Array.from(parts.flatMap((part) => [...part]));
    return Object.fromEntries(Object.entries(found).map(([name, parts]) => [name, joined(parts)]));
  };
}
