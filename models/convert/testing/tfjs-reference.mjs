// Runs a graph model as published, in TensorFlow.js on WebAssembly, without any of our own decoding.
// Usage: node tfjs-reference.mjs <input.f32> <output.f32> <shape, e.g. 2,224,224,3> <model .js or .json> <weights ...>
// Weights are .js (a module that exports base64) or raw .bin files.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');

const exactBuffer = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const [input, output, shape, modelFile, ...weightFiles] = process.argv.slice(2);
const model = require(modelFile);
const shards = weightFiles.map((f) => (f.endsWith('.bin') ? readFileSync(f) : Buffer.from(require(f), 'base64')));

setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
await tf.setBackend('wasm');
await tf.ready();
const network = await loadGraphModel({
  load: async () => ({
    modelTopology: model.modelTopology,
    format: 'graph-model',
    weightSpecs: model.weightsManifest[0].weights,
    weightData: exactBuffer(Buffer.concat(shards)),
  }),
});
const batch = tf.tensor(new Float32Array(exactBuffer(readFileSync(input))), shape.split(',').map(Number));
const result = await network.execute(batch).data();
writeFileSync(output, Buffer.from(result.buffer, result.byteOffset, result.byteLength));
