import { join } from 'node:path';
import { createZeroShot } from '#engines/vision';
import { quantile, table } from '../../load/machine.js';
import { benignMaterial, FIXTURES } from './nsfw.js';

/** Scores of the operator's encoder (`ZERO_SHOT_DIR`) on harmless pictures, clips and drawn scenes, and what it costs. */
export async function evaluate(): Promise<string> {
  const dir = process.env['ZERO_SHOT_DIR'];
  if (!dir)
    return 'Left out: ZERO_SHOT_DIR is not set, and no image encoder is shipped. Coverage of its categories is none.';
  const kit = process.env['IMPRIMATUR_KIT'];
  const folders = [...FIXTURES, ...(kit ? ['faces', 'pdq', 'clips'].map((name) => join(kit, name)) : [])];
  const material = await benignMaterial(folders, 24);
  const eye = await createZeroShot(dir);
  const scores = new Map<string, number[]>();
  let [frames, cpuMs] = [0, 0];
  for (const { frames: seen } of material) {
    const look = eye.begin();
    for await (const frame of seen()) {
      const before = process.cpuUsage();
      await look.look(frame);
      const { user, system } = process.cpuUsage(before);
      cpuMs += (user + system) / 1000;
      frames++;
    }
    for (const { category, score } of await look.finish()) {
      scores.set(category, [...(scores.get(category) ?? []), score ?? NaN]);
    }
  }
  const rows = [...scores].map(([category, of]) => [
    category,
    [quantile(of, 0.5), quantile(of, 0.95), Math.max(...of)].map((v) => v.toFixed(3)).join(' / '),
    of.filter((v) => v >= 0.7).length,
  ]);
  const names = eye.models.map(({ name, version }) => `${name} ${version}`).join(', ');
  return [
    `Encoder: ${names}; ${material.length} harmless things, ${frames} frames, ${(cpuMs / frames).toFixed(1)} CPU-ms a frame.`,
    '',
    table(['category', 'score: median / 95 % / highest', 'at or over the threshold (0.7)'], rows),
  ].join('\n');
}
