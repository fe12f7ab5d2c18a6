import { messageOf, newId } from '#kernel';
import { json } from '#platform/database';
import type { Core } from './core.js';

/** How often a process says that it lives. */
const EVERY_MS = 3000;
/** After this long without a word a process counts as gone. */
const GONE_MS = 15_000;

/** What a living process said of itself last. */
export interface LivingProcess {
  id: string;
  role: string;
  at: Date;
  info: Record<string, unknown>;
  /** Its numbers, as `Metrics.serialise` wrote them. */
  metrics: string;
}

/** Regularly writes that this process lives, with its numbers. @returns a function that ends it */
export function startReports(
  core: Core,
  role: string,
  info: () => Promise<Record<string, unknown>>,
): () => Promise<void> {
  const id = newId(role);
  let busy = Promise.resolve();
  const report = async () => {
    const data = {
      role,
      at: core.clock.now(),
      info: json(await info()),
      metrics: json(await core.metrics.serialise()),
    };
    await core.database.processReport.upsert({ where: { id }, create: { id, ...data }, update: data });
  };
  const tick = () => {
    busy = busy.then(report).catch((e: unknown) => core.logger.warn({ err: messageOf(e) }, 'could not report'));
  };
  tick();
  const timer = setInterval(tick, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await busy;
    await core.database.processReport.deleteMany({ where: { id } });
  };
}

/** The processes that spoke lately. Forgets those long gone. */
export async function livingProcesses(core: Core): Promise<LivingProcess[]> {
  const now = core.clock.now().getTime();
  await core.database.processReport.deleteMany({ where: { at: { lt: new Date(now - 20 * GONE_MS) } } });
  const rows = await core.database.processReport.findMany({
    where: { at: { gt: new Date(now - GONE_MS) } },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => ({
    ...row,
    info: row.info as Record<string, unknown>,
    metrics: typeof row.metrics === 'string' ? row.metrics : '',
  }));
}
