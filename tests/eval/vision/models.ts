import {
  closeInference,
  configureInference,
  loadManifest,
  modelPath,
  openSession,
  type ModelCard,
} from '#engines/inference';
import { openOriginal } from '../../../models/convert/testing/originals.mjs';
import { benignBatch } from '../../../models/convert/testing/pictures.js';
import { largest, maxDifference, originalOf } from '../../../models/convert/testing/reference.js';
import { median, note, table } from '../../load/machine.js';

/** Runs of each side per network, in turn; the first of each is not counted. */
const ROUNDS = 24;

interface Times {
  wall: number[];
  cpu: number[];
}

async function timed(times: Times, work: () => Promise<unknown>): Promise<void> {
  const [before, started] = [process.cpuUsage(), performance.now()];
  await work();
  times.wall.push(performance.now() - started);
  const { user, system } = process.cpuUsage(before);
  times.cpu.push((user + system) / 1000);
}

const show = (ms: number) => ms.toFixed(1);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** One network: agreement, then single pictures in turn on our session (one lane) and in tfjs-wasm, one process. */
async function row(card: ModelCard): Promise<string[]> {
  note(`  ${card.name}`);
  const { batch, shape } = await benignBatch(card);
  const session = await openSession(modelPath(card), card.sha256, { provider: 'cpu' });
  const original = await openOriginal(originalOf(card));
  const feed = (data: Float32Array, dims: number[]) => session.runAll({ [card.input.name]: { data, shape: dims } });
  const ours = await feed(batch, shape);
  const theirs = await original(batch, shape);
  const differences = Object.entries(theirs).map(([name, expected]) => {
    const worst = maxDifference(ours[name]?.data as Float32Array, expected);
    return `${name} ${worst.toExponential(1)} of ${largest(expected).toPrecision(2)}`;
  });
  const one = [1, ...shape.slice(1)];
  const picture = batch.slice(0, batch.length / (shape[0] ?? 1));
  const [onnx, wasm]: [Times, Times] = [
    { wall: [], cpu: [] },
    { wall: [], cpu: [] },
  ];
  for (let i = 0; i <= ROUNDS; i++) {
    await timed(onnx, () => feed(picture, one));
    await timed(wasm, () => original(picture, one));
    if (i === 0) [onnx, wasm].forEach(({ wall, cpu }) => (wall.splice(0), cpu.splice(0)));
  }
  const cells = (t: Times) => [show(mean(t.cpu)), show(Math.min(...t.wall)), show(median(t.wall))];
  const ratio = (of: (t: Times) => number) => (of(wasm) / of(onnx)).toFixed(1);
  const ratios = [ratio((t) => mean(t.cpu)), ratio((t) => Math.min(...t.wall)), ratio((t) => median(t.wall))];
  return [card.name, differences.join('; '), cells(onnx).join(' / '), cells(wasm).join(' / '), ratios.join(' / ')];
}

/** Pictures a second through `lanes` lanes, one picture a run. */
async function throughput(card: ModelCard, lanes: number): Promise<string> {
  await closeInference();
  configureInference({ lanes });
  const { batch, shape } = await benignBatch(card);
  const session = await openSession(modelPath(card), card.sha256, { provider: 'cpu' });
  const picture = batch.slice(0, batch.length / (shape[0] ?? 1));
  const all = (count: number) =>
    Promise.all(Array.from({ length: count }, () => session.run(picture, [1, ...shape.slice(1)])));
  await all(2 * lanes);
  const started = performance.now();
  await all(40);
  return (40_000 / (performance.now() - started)).toFixed(0);
}

/** Our networks beside the published ones. */
export async function evaluate(): Promise<string> {
  await closeInference();
  configureInference({ lanes: 1 });
  const published = ['onnx', 'silero-vad'];
  const cards = Object.values(loadManifest()).filter((card) => !published.includes(card.source.format));
  const rows: string[][] = [];
  for (const card of cards) rows.push(await row(card));
  const head = ['network', 'largest difference', 'ours: CPU / min / median, ms', 'tfjs-wasm', 'times faster'];
  const nsfw = cards.find((card) => card.name.startsWith('nsfw'));
  const lanes = nsfw ? [await throughput(nsfw, 1), await throughput(nsfw, 2)] : [];
  const rates = nsfw ? `${nsfw.name}: ${lanes[0]} pictures/s with one lane, ${lanes[1]} with two.` : '';
  return `${table(head, rows)}\n\n${rates}\n\nOne picture a run, ${ROUNDS} runs of each in turn, same process, resize not included.`;
}
