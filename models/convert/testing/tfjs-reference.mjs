// Runs an original network in a process of its own. Usage: node tfjs-reference.mjs <folder> <job as JSON>
// The folder holds in.f32; each result is written beside it as <name>.f32.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOriginal } from './originals.mjs';

const [folder, job] = process.argv.slice(2);
const { shape, ...original } = JSON.parse(job);
const bytes = readFileSync(join(folder, 'in.f32'));
const run = await openOriginal(original);
const results = await run(new Float32Array(Uint8Array.from(bytes).buffer), shape);
for (const [name, values] of Object.entries(results))
  writeFileSync(join(folder, `${name}.f32`), Buffer.from(values.buffer));
