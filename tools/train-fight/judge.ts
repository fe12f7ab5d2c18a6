import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATISTICS } from '#engines/motion';
import { fit, logit } from './learn.js';

/** Labelled windows with the scene that each belongs to. */
export interface Windows {
  rows: Float32Array[];
  labels: number[];
  scenes: (number | string)[];
}

/** Reads `surv` (labelled) or `ordinary` (all 0) from a folder of features. @throws when sizes do not fit */
export function readWindows(dir: string, name: 'surv' | 'ordinary'): Windows {
  const { clips } = JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8')) as {
    clips: { label: number; scene?: number; video?: string }[];
  };
  const bytes = readFileSync(join(dir, `${name}.motion.f32`));
  const dims = STATISTICS.length;
  if (bytes.length !== clips.length * dims * 4) throw new Error(`${name}: features and labels do not fit together`);
  const rows = clips.map((_, i) =>
    Float32Array.from({ length: dims }, (__, k) => bytes.readFloatLE((i * dims + k) * 4)),
  );
  return { rows, labels: clips.map((c) => c.label), scenes: clips.map((c) => c.scene ?? c.video ?? '') };
}

/** What a head is worth. */
export interface Judgement {
  auc: number;
  recallAt5: number;
  recallAt1: number;
  /** Share of ordinary windows from elsewhere over the 5 % threshold, by a head fitted on all clips. */
  ordinaryFlagged: number;
  ordinaryVideos: number;
  /** Out-of-fold logit over which 5 % of the negatives lie. */
  threshold: number;
}

/** Folds that share no scene: scenes are dealt out in an order that depends on the repeat only. */
function foldOf(scenes: Windows['scenes'], repeat: number, folds: number): number[] {
  let state = 1 + repeat * 7919;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const order = [...new Set(scenes)].map((scene) => ({ scene, at: random() })).sort((a, b) => a.at - b.at);
  const fold = new Map(order.map(({ scene }, i) => [scene, i % folds]));
  return scenes.map((scene) => fold.get(scene)!);
}

function areaUnderRoc(scores: readonly number[], labels: readonly number[]): number {
  let wins = 0;
  const positive = scores.filter((_, i) => labels[i] === 1);
  const negative = scores.filter((_, i) => labels[i] === 0);
  for (const p of positive) for (const n of negative) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / (positive.length * negative.length);
}

function recallAt(scores: readonly number[], labels: readonly number[], share: number) {
  const negative = scores.filter((_, i) => labels[i] === 0).sort((a, b) => b - a);
  const threshold = negative[Math.floor(share * negative.length)]!;
  const positive = scores.filter((_, i) => labels[i] === 1);
  return { threshold, recall: positive.filter((s) => s > threshold).length / positive.length };
}

/** Out-of-fold scores, mean over the repeats, of 5 scene-disjoint folds; then the ordinary windows. */
export function judge(surv: Windows, ordinary: Windows, c: number, unused: number[], repeats = 3): Judgement {
  const scores = surv.labels.map(() => 0);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const fold = foldOf(surv.scenes, repeat, 5);
    for (let f = 0; f < 5; f++) {
      const kept = surv.rows.filter((_, i) => fold[i] !== f);
      const head = fit(kept, surv.labels.filter((_, i) => fold[i] !== f), c, unused); // prettier-ignore
      surv.rows.forEach((row, i) => {
        if (fold[i] === f) scores[i]! += logit(head, row) / repeats;
      });
    }
  }
  const at5 = recallAt(scores, surv.labels, 0.05);
  const head = fit(surv.rows, surv.labels, c, unused);
  const flagged = ordinary.rows.map((row) => logit(head, row) > at5.threshold);
  return {
    auc: areaUnderRoc(scores, surv.labels),
    recallAt5: at5.recall,
    recallAt1: recallAt(scores, surv.labels, 0.01).recall,
    ordinaryFlagged: flagged.filter(Boolean).length / flagged.length,
    ordinaryVideos: new Set(ordinary.scenes.filter((_, i) => flagged[i])).size,
    threshold: at5.threshold,
  };
}
