import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verification, VerifyReport } from '#contracts';
import { until } from '../support/service.js';
import { CLIP, deploy, drawClip } from './deployment.js';
import { median, note, table } from './machine.js';
import type { BenchReport } from './main.js';

const LIMIT_S = 5;
const REPETITIONS = 5;

/** How long a caller of `POST /v1/verify` waits for the report, and how long until all its files are there. */
export async function benchAnswers(): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-answers-'));
  const path = join(dir, 'clip.mp4');
  await drawClip(path);
  const body = await readFile(path);
  const deployment = await deploy({ clip: false }, { VERIFY_FILES: 'all', VERIFY_PER_MINUTE: '1000' });
  const verify = `${deployment.service.url}/v1/verify`;
  const runs: { answered: number; filed: number }[] = [];
  try {
    for (let i = 0; i < REPETITIONS; i++) {
      note(`  answer ${i + 1} of ${REPETITIONS}`);
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      const answer = await fetch(verify, { method: 'POST', headers: { 'content-type': 'video/mp4' }, body });
      const { id } = VerifyReport.parse(await answer.json());
      const answered = seconds();
      const completed = async () => Verification.parse(await (await fetch(`${verify}/${id}`)).json());
      await until(async () => (await completed()).files?.bundle != null, 60_000);
      runs.push({ answered, filed: seconds() });
    }
  } finally {
    await deployment.stop();
    await rm(dir, { recursive: true, force: true });
  }
  const row = (name: string, all: number[]) => [
    name,
    ...[all[0]!, Math.min(...all), median(all)].map((value) => value.toFixed(2)),
  ];
  const answered = runs.map((one) => one.answered);
  const head = [`POST of ${CLIP.seconds} s, ${CLIP.width}x${CLIP.height}`, 'first, s', 'least, s', 'median, s'];
  const rows = [
    row('until the report', answered),
    row(
      'until PDF and bundle',
      runs.map(({ filed }) => filed),
    ),
  ];
  const markdown = `${table(head, rows)}\n\nLimit: ${LIMIT_S} s until the report (median). No releases to search here.`;
  return { markdown, met: median(answered) <= LIMIT_S };
}
