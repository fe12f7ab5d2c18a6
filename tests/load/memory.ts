import { deploy, makeClip } from './deployment.js';
import { loadNow, note, table } from './machine.js';
import type { BenchReport } from './main.js';
import { Sampler, type ProcessState, type Role, type Sample } from './processes.js';

const EVERY_MS = 200;
const CLIPS = 3;
const LIMIT_MB = { api: 300, worker: 1200 };

const mb = (bytes: number) => Math.round(bytes / 1e6);

function most(samples: Sample[], roles: Role[], of: (process: ProcessState) => number): number {
  const sums = samples.map(({ processes }) =>
    processes.filter(({ role }) => roles.includes(role)).reduce((sum, process) => sum + of(process), 0),
  );
  return Math.max(...sums);
}

function rowsOf(samples: Sample[]): (string | number)[][] {
  const pids = new Map(samples.flatMap(({ processes }) => processes.map(({ pid, role }) => [pid, role] as const)));
  const own = [...pids].map(([pid, role]) => {
    const seen = samples.flatMap(({ processes }) => processes.filter((process) => process.pid === pid));
    return { role, rss: Math.max(...seen.map(({ rss }) => rss)), pss: Math.max(...seen.map(({ pss }) => pss)) };
  });
  const order: Role[] = ['supervisor', 'api', 'worker', 'sandbox', 'other'];
  own.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  return own.map(({ role, rss, pss }, i) => [
    role === 'sandbox' ? `sandbox process ${own.slice(0, i).filter((o) => o.role === role).length + 1}` : role,
    mb(rss),
    mb(pss),
  ]);
}

/** Most memory of each process while clips of 10 s at 1280x720 go through the gate. */
export async function benchMemory(): Promise<BenchReport> {
  const deployment = await deploy({ clip: true });
  try {
    note(`memory: ${CLIPS} clips, looking every ${EVERY_MS} ms`);
    const sampler = new Sampler(deployment.pid, EVERY_MS, true);
    for (let i = 0; i < CLIPS; i++) await makeClip(deployment);
    const samples = sampler.stop();
    const api = most(samples, ['api'], ({ rss }) => rss);
    const worker = most(samples, ['worker', 'sandbox'], ({ rss }) => rss);
    const workerPss = most(samples, ['worker', 'sandbox'], ({ pss }) => pss);
    const rows = [
      ...rowsOf(samples),
      [`**API** (limit ${LIMIT_MB.api})`, `**${mb(api)}**`, ''],
      [
        `**worker with its sandbox processes, at one moment** (limit ${LIMIT_MB.worker})`,
        `**${mb(worker)}**`,
        `**${mb(workerPss)}**`,
      ],
    ];
    const head = ['process', 'resident memory (RSS), most, MB', 'proportional (PSS), most, MB'];
    const text = `${samples.length} samples, load after ${loadNow()}. The sum of RSS counts shared pages of Node and its libraries once for each process.`;
    return { markdown: `${table(head, rows)}\n\n${text}`, met: mb(api) < LIMIT_MB.api && mb(worker) < LIMIT_MB.worker };
  } finally {
    await deployment.stop();
  }
}
