// One worker process: takes jobs, keeps the outbox moving, says that it lives. Run by `imprimatur start`, or alone.
import { JobHandlers, OutboxRelay, startWorkers } from '#platform/queue';
import { openCore, startReports } from '#platform/core';
import { reconcileCases, sealCase, sweepCases } from '#domain/child-safety';
import { reconcile } from '#domain/gate';
import { sweepGuardianNames } from '#domain/guardianship';
import { reconcilePolicies } from '#domain/policies';
import { eraseEntry, sweepRegister } from '#domain/protected';
import { searchPrint } from '#domain/provenance';
import { reconcileWebhooks } from '#domain/webhooks';
import { reconcileVerifications, sweepVerifications } from '#domain/verification';
import { logOlderReleases } from '#domain/transparency';
import { messageOf } from '#kernel';
import { onShutdown } from './shutdown.js';
import { workerInfo } from './info.js';
import { assemble, renderDir } from './parts.js';
import { sweepFiles } from './sweep.js';
import { fetchImage, screenImage } from './images.js';
import { tendConsent } from './consent.js';
import { takeFace } from './register.js';

const RECONCILE_MS = 5000;
const LOG_MS = 1000;
const SWEEP_MS = 600_000;
const SWEEP_VERIFICATIONS_MS = 30_000;
const AUDIT_DAYS_MS = 60_000;
const SIGNERS_MS = 10_000;
const SCRATCH_KEPT_MS = 3600_000;

const core = await openCore('worker');
const { config, logger } = core;
const parts = await assemble(core);
const { runner, steps, log } = parts;
await log.check();
const firstSigner = core.leaves.all().reduce((first, one) => (one.from < first.from ? one : first));
await logOlderReleases(core.database, firstSigner.sha256);

const sealed = { database: core.database, blobs: core.blobs, keys: core.subjectKeys, clock: core.clock };
const handlers = new JobHandlers()
  .register('clip.generate', ({ clipId }, context) => runner.run(steps.generate, clipId, context))
  .register('clip.inspect', ({ clipId }, context) => runner.run(steps.inspect, clipId, context))
  .register('clip.mark', ({ clipId }, context) => runner.run(steps.mark, clipId, context))
  .register('clip.sign', ({ clipId }, context) => runner.run(steps.sign, clipId, context))
  .register('clip.reread', ({ clipId }, context) => runner.run(steps.reread, clipId, context))
  .register('clip.log', ({ clipId }, context) => runner.run(steps.log, clipId, context))
  .register('clip.erase', ({ clipId }) => parts.clips.erase(clipId))
  .register('review.settle', ({ decisionId }) => parts.desk.settling.settle(decisionId))
  .register('child_safety.seal', ({ caseId }) => sealCase(sealed, caseId))
  .register('register.erase', ({ entryId }) => eraseEntry(sealed, entryId))
  .register('register.face', ({ entryId, path }) => takeFace(core, parts, entryId, path))
  .register('policy.publish', ({ id }) => parts.publishing.runDue(id))
  .register('policy.backtest', ({ id }, { last }) => parts.backtests.run(id, last))
  .register('webhook.deliver', ({ deliveryId }) => parts.webhooks.attempt(deliveryId))
  .register('url.fetch', ({ id }, context) => parts.verifications.fetch(id, context))
  .register('file.verify', ({ id }, context) => parts.verifications.examine(id, context))
  .register('image.screen', ({ path, tenantId }) => screenImage(parts, path, tenantId))
  .register('image.fetch', ({ url, path, tenantId }) => fetchImage(parts, url, path, tenantId))
  .register('print.search', ({ print }) => searchPrint(parts.prints, Buffer.from(print, 'base64')))
  .register('person.enrol', ({ id }) => parts.consent.enrolments.run(id))
  .register('consent.revoke', ({ id }) => parts.consent.erasures.run(id));

const stopWorkers = startWorkers({ databaseUrl: core.databaseUrl, redisUrl: config.REDIS_URL }, handlers, {
  concurrency: {
    generate: Math.max(config.GENERATE_CONCURRENCY, 1),
    examine: config.EXAMINE_CONCURRENCY,
    quick: 2,
    enrol: 1,
    verify: 1,
    fetch: 8,
    deliver: 8,
  },
  onFailure: ({ name, attempt, error }) => logger.warn({ job: name, attempt, err: error }, 'job failed'),
  onError: (error) => logger.warn({ reason: messageOf(error) }, 'queue connection'),
});
const relay = new OutboxRelay(core.database, core.queue, core.databaseUrl, (err) =>
  logger.warn({ reason: messageOf(err) }, 'outbox'),
);
parts.bankIndex.start();
parts.faces.start?.();
await relay.start();
const stopReports = startReports(core, 'worker', () => workerInfo(parts, config));
const regularly = (everyMs: number, what: string, work: () => Promise<unknown>) =>
  setInterval(() => void work().catch((e: unknown) => logger.warn({ reason: messageOf(e) }, what)), everyMs);
const sweep = async () => {
  await core.scratch.sweep(SCRATCH_KEPT_MS);
  await sweepFiles(renderDir(config), SCRATCH_KEPT_MS);
  await parts.idempotency.sweep();
  await sweepCases(sealed);
  await sweepRegister(sealed);
  await sweepGuardianNames(core.database, core.clock);
};
const sweepReports = () =>
  sweepVerifications(core.database, core.blobs, core.clock, config.VERIFY_KEEP_MINUTES * 60_000);
const timers = [
  regularly(RECONCILE_MS, 'reconcile clips', () => reconcile(core.database, core.queue, core.clock)),
  regularly(RECONCILE_MS * 4, 'reconcile webhooks', () => reconcileWebhooks(core.database, core.queue, core.clock)),
  regularly(RECONCILE_MS * 2, 'reconcile child safety cases', () =>
    reconcileCases(core.database, core.queue, core.clock),
  ),
  regularly(LOG_MS, 'transparency log', () => log.advance()),
  regularly(RECONCILE_MS, 'reconcile verifications', () =>
    reconcileVerifications(core.database, core.queue, core.clock),
  ),
  regularly(RECONCILE_MS, 'review decisions', () => parts.desk.settling.reconcile(core.queue)),
  regularly(RECONCILE_MS, 'review leases', () => parts.desk.leases.sweep()),
  regularly(RECONCILE_MS, 'review clocks', () => parts.desk.clocks.sweep()),
  regularly(RECONCILE_MS * 6, 'review cases', () => parts.desk.cases.openMissing()),
  regularly(RECONCILE_MS * 3, 'consent', () => tendConsent(parts.consent)),
  regularly(RECONCILE_MS * 2, 'reconcile policies', () => reconcilePolicies(core.database, core.queue, core.clock)),
  regularly(AUDIT_DAYS_MS, 'day of the record', () => parts.auditDays.closeDue()),
  regularly(SWEEP_MS, 'sweep', sweep),
  regularly(SWEEP_VERIFICATIONS_MS, 'sweep verifications', sweepReports),
  regularly(SIGNERS_MS, 'signing certificates', () => parts.signers.refresh()),
];
await sweep();
await sweepReports();
await parts.desk.cases.openMissing();

onShutdown(logger, async () => {
  timers.forEach((timer) => clearInterval(timer));
  await stopWorkers(); // waits for the jobs that run
  await relay.stop();
  await stopReports();
  await Promise.all([parts.examiner.close(), parts.strangers.close()]);
  await parts.pool.close();
  await parts.bankIndex.close();
  await parts.faces.close?.();
  await core.close();
});
logger.info('worker ready');
process.send?.('ready');
