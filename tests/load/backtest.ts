import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signal } from '#contracts';
import { PolicyBacktests } from '#domain/policies';
import { decide, loadPolicy } from '#engines/policy';
import { newId, sha256Hex, systemClock } from '#kernel';
import type { StaffCaller } from '#platform/auth';
import { Database, json, migrateDatabase, startEmbeddedDatabase } from '#platform/database';
import { DEFAULT_POLICY } from '../support/policy-signals.js';
import { loadNow, note, table } from './machine.js';
import type { BenchReport } from './main.js';

const CLIPS = 10_000;
const SIGNALS = 30;
const KINDS = 20;
const LIMIT_S = 60;
const LIMIT_MB = 300;

const PERIOD = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
const TESTER: StaffCaller = {
  ...{ id: 'stf_bench', name: 'bench', roles: ['policy'], queues: null, categories: null, tenants: null },
  ...{ sessionId: 'ses_bench', locale: 'en' },
};

/** Signals as an inspection of 10 s leaves them: some 30, with their course over time. */
function signalsOf(kind: number, source: 'prompt' | 'frames'): Signal[] {
  return Array.from({ length: SIGNALS }, (_, at) => ({
    detector: source === 'prompt' ? 'text.linear' : 'vision.nsfw',
    category: at % 2 ? 'violence' : 'sexual',
    source,
    state: 'measured',
    score: ((kind * 7 + at) % 60) / 100,
    coverage: 'medium',
    model: { name: 'bench', version: '1' },
    ...(source === 'frames' && {
      series: Array.from({ length: 20 }, (_one, s) => [s / 2, (s % 10) / 10] as [number, number]),
    }),
  }));
}

function decisionsOf(kind: number) {
  const policy = loadPolicy(DEFAULT_POLICY);
  const audience = kind % 3 ? ('adult' as const) : ('teen' as const);
  return (['prompt', 'clip'] as const).map((stage) => {
    const signals = signalsOf(kind, stage === 'prompt' ? 'prompt' : 'frames');
    return { at: PERIOD.from, decision: decide(policy, { stage, audience, signals }), signals };
  });
}

async function fill(database: Database): Promise<void> {
  for (let kind = 0; kind < KINDS; kind++) {
    const decisions = JSON.stringify(decisionsOf(kind));
    await database.$executeRaw`
      INSERT INTO clips (id, tenant_id, state, model, engine, prompt, effective_prompt, seconds, size, seed, audience,
        release_id, decisions, created_at)
      SELECT 'video_' || ${kind}::int || '_' || n, 'ten', 'failed', 'm', 'e', 'p', 'p', 10, '1280x720', 's', 'adult',
        lpad(to_hex(${kind}::int * 100000 + n), 16, '0'), ${decisions}::jsonb, ${PERIOD.from}::timestamptz + n * interval '1 minute'
      FROM generate_series(1, ${CLIPS / KINDS}::int) AS n`;
  }
}

async function newVersion(database: Database): Promise<string> {
  const yaml = DEFAULT_POLICY.replace(/^version: .*$/m, 'version: 9.0.0')
    .replaceAll('refuse: 0.85', 'refuse: 0.55')
    .replaceAll('refuse: 0.7 }', 'refuse: 0.5 }');
  const { id: policyId, version } = loadPolicy(yaml).ref;
  const id = newId('pol');
  const data = {
    id,
    state: 'draft' as const,
    policyId,
    version,
    yaml,
    sha256: sha256Hex(yaml),
    origin: 'desk',
    note: 'bench',
  };
  await database.policyRevision.create({ data: { ...data, authors: [TESTER.id] } });
  return id;
}

/** A version tried on 10,000 past clips. */
export async function benchBacktest(): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const postgres = await startEmbeddedDatabase(dir, false);
  await migrateDatabase(postgres.url);
  const database = new Database(postgres.url);
  try {
    note(`backtest: ${CLIPS} clips with ${2 * SIGNALS} signals each`);
    await fill(database);
    const backtests = new PolicyBacktests(database, systemClock, 3_600_000);
    const version = await newVersion(database);
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    const { id } = await backtests.start(TESTER, version, PERIOD);
    await backtests.run(id);
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    clearInterval(timer);
    const { done, result } = await backtests.get(TESTER, version);
    const stored = Buffer.byteLength(JSON.stringify(json(decisionsOf(1))));
    const grown = (most - before) / 1e6;
    const rows = [
      ['clips tried', done],
      ['of them decided differently', result.changed],
      ['signals of one clip as JSON, kB', Math.round(stored / 1000)],
      [`**time, s** (limit ${LIMIT_S})`, `**${seconds.toFixed(1)}**`],
      ['processor time of the worker, s', ((user + system) / 1e6).toFixed(1)],
      [`**memory beyond that before, most, MB** (limit ${LIMIT_MB})`, `**${Math.round(grown)}**`],
      ['result as JSON, kB', Math.round(Buffer.byteLength(JSON.stringify(result)) / 1000)],
    ];
    return {
      markdown: `${table(['back-test', ''], rows)}\n\nLoad after ${loadNow()}.`,
      met: done === CLIPS && seconds < LIMIT_S && grown < LIMIT_MB,
    };
  } finally {
    await database.$disconnect();
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
