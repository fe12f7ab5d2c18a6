import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { rm } from 'node:fs/promises';
import type { ClipState, ClipView } from '#contracts';
import { transcode } from '#engines/media';
import { CLIP, deploy, makeClip, type Deployment } from './deployment.js';
import { loadNow, median, note, table } from './machine.js';
import type { BenchReport } from './main.js';
import { cpuAt, Sampler, type Role, type Sample } from './processes.js';

/** Times the clip's duration that all of the safety work may take. */
const LIMIT = 1.3;
/** Clips that count; one more goes before, cold. */
const REPETITIONS = 5;
/** Those whose work is the safety of a clip. */
const ROLES: Role[] = ['worker', 'sandbox'];
/** The states of which each lasts for one step, queueing included. */
const STEPS = { inspecting: 'inspect', marking: 'mark', signing: 'sign', rereading: 're-read' } as const;

interface Cost {
  wallS: number;
  cpuS: number;
}

interface Run {
  steps: Record<string, Cost>;
  total: Cost;
  /** What the steps themselves took, without queueing between them. */
  insideS: number;
  transcodeS: number;
  load: string;
}

function moment(clip: ClipView, state: ClipState): number {
  const event = clip.events.find(({ to }) => to === state);
  if (!event) throw new Error(`the clip was never ${state}`);
  return Date.parse(event.at);
}

function costs(clip: ClipView, samples: Sample[]): Pick<Run, 'steps' | 'total' | 'insideS'> {
  const between = (from: number, to: number) => ({
    wallS: (to - from) / 1000,
    cpuS: cpuAt(samples, ROLES, to) - cpuAt(samples, ROLES, from),
  });
  const states = Object.keys(STEPS) as (keyof typeof STEPS)[];
  const ends = [...states.slice(1), 'released' as const];
  const steps = Object.fromEntries(
    states.map((state, i) => [STEPS[state], between(moment(clip, state), moment(clip, ends[i]!))]),
  );
  const insideMs = ['inspect', 'mark', 'sign', 'reread'].reduce((sum, step) => sum + (clip.timings[step] ?? NaN), 0);
  return { steps, total: between(moment(clip, 'inspecting'), moment(clip, 'released')), insideS: insideMs / 1000 };
}

async function plainTranscode(path: string): Promise<number> {
  const output = join(tmpdir(), `imprimatur-bench-${process.pid}.mp4`);
  const started = performance.now();
  await transcode(path, output, { crf: 18 });
  const seconds = (performance.now() - started) / 1000;
  await rm(output, { force: true });
  return seconds;
}

async function once(deployment: Deployment): Promise<Run> {
  const sampler = new Sampler(deployment.pid, 50);
  const clip = await makeClip(deployment).finally(() => sampler.stop());
  const load = loadNow();
  const run = { ...costs(clip, sampler.samples), transcodeS: await plainTranscode(deployment.clipPath), load };
  note(
    `  ${run.total.wallS.toFixed(2)} s wall, ${run.total.cpuS.toFixed(2)} s of processor, plain transcode ${run.transcodeS.toFixed(2)} s, load ${load}`,
  );
  return run;
}

function show(cold: Run, runs: Run[]): string {
  const row = (name: string, pick: (run: Run) => Cost) => {
    const wall = runs.map((run) => pick(run).wallS);
    return [
      name,
      ...[Math.min(...wall), median(wall), pick(cold).wallS, median(runs.map((run) => pick(run).cpuS))].map((n) =>
        n.toFixed(2),
      ),
    ];
  };
  const steps = table(
    [
      'step, from change of state to change of state',
      'wall min, s',
      'wall median, s',
      'first clip after the start, s',
      'processor time median, s',
    ],
    [
      ...Object.values(STEPS).map((name) => row(name, (run) => run.steps[name]!)),
      row('**all of the safety work**', (run) => run.total),
    ],
  );
  const ratio = (values: number[]) => `${Math.min(...values).toFixed(2)} min, ${median(values).toFixed(2)} median`;
  const facts = [
    `Against the clip's duration (limit ${LIMIT}): ${ratio(runs.map((run) => run.total.wallS / CLIP.seconds))}; first clip ${(cold.total.wallS / CLIP.seconds).toFixed(2)}.`,
    `Against one plain x264 transcode (CRF 18, veryfast, 2 threads) of the same clip right after it: ${ratio(runs.map((run) => run.total.wallS / run.transcodeS))} (the transcode: ${ratio(runs.map((run) => run.transcodeS))} s).`,
    `Queue and outbox between the steps: ${ratio(runs.map((run) => run.total.wallS - run.insideS))} s.`,
    `Processor time against the clip's duration: ${ratio(runs.map((run) => run.total.cpuS / CLIP.seconds))}.`,
    `Load while it ran: ${runs.map(({ load }) => load).join(', ')}.`,
  ];
  return `${steps}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

/** What everything but generation costs for a clip of 10 s at 1280x720, in a whole deployment. */
export async function benchOverhead(): Promise<BenchReport> {
  const deployment = await deploy({ clip: true });
  try {
    note('overhead: one cold clip, then the ones that count');
    const cold = await once(deployment);
    const runs: Run[] = [];
    for (let i = 0; i < REPETITIONS; i++) runs.push(await once(deployment));
    return { markdown: show(cold, runs), met: Math.min(...runs.map((run) => run.total.wallS)) <= LIMIT * CLIP.seconds };
  } finally {
    await deployment.stop();
  }
}
