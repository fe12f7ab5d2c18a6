import { setTimeout as wait } from 'node:timers/promises';
import { newId, newReleaseId } from '#kernel';
import { LikenessChangedError } from '#domain/gate';
import { LogStep } from '#domain/pipeline';
import type { Clip } from '#platform/database';
import { revoke } from '../support/consent.js';
import { GateHarness } from '../support/gate.js';

const RACES = 1000;
const AT_ONCE = 8;
/** How much earlier or later than the release a revocation may begin, in milliseconds. */
const SPREAD_MS = 40;

let gate: GateHarness;
let step: LogStep;
/** A clip that waits for its release with everything that is needed for it. */
let ready: Clip;

/**
 * Numbers in the order of commits: deferred triggers draw them at the end of a transaction, when it still holds its
 * locks. One entry of the log stands for all copies, so the rule that each has its own is off in this database.
 */
const ORDER = [
  `CREATE TABLE race_order (what text, id text, place bigint)`,
  `CREATE SEQUENCE race_places`,
  `CREATE FUNCTION race_released() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO race_order VALUES ('released', NEW.clip_id, nextval('race_places')); RETURN NULL; END $$`,
  `CREATE FUNCTION race_revoked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     INSERT INTO race_order VALUES ('revoked', NEW.id, nextval('race_places')); RETURN NULL; END $$`,
  `CREATE CONSTRAINT TRIGGER race_released AFTER INSERT ON releases DEFERRABLE INITIALLY DEFERRED
     FOR EACH ROW EXECUTE FUNCTION race_released()`,
  `CREATE CONSTRAINT TRIGGER race_revoked AFTER UPDATE ON likeness_persons DEFERRABLE INITIALLY DEFERRED
     FOR EACH ROW WHEN (NEW.state = 'revoked') EXECUTE FUNCTION race_revoked()`,
  `ALTER TABLE releases DISABLE TRIGGER releases_are_logged`,
];

beforeAll(async () => {
  gate = await GateHarness.open();
  ready = await gate.drive((await gate.admit()).id, 'logging');
  await gate.parts.log.advance();
  const { database } = gate.core;
  const { idx } = await database.logLeafRow.findFirstOrThrow({ orderBy: { idx: 'desc' } });
  step = new LogStep({ settle: async () => Number(idx) }, gate.parts.guard);
  for (const sql of ORDER) await database.$executeRawUnsafe(sql);
}, 60_000);
afterAll(() => gate.close());

interface Pair {
  clipId: string;
  personId: string;
}

/** Copies of the waiting clip, each with a person of its own. */
async function prepare(count: number): Promise<Pair[]> {
  const { database } = gate.core;
  const pairs = Array.from({ length: count }, () => ({ clipId: newId('video'), personId: newId('char') }));
  const { tenantId } = ready;
  const now = new Date();
  const notice = { noticeSha256: '0'.repeat(64), noticeVersion: '1', releasedAt: now, keepUntil: now };
  await database.likenessPerson.createMany({
    data: pairs.map(({ personId }) => ({ id: personId, tenantId, ...notice })),
  });
  const grant = { audience: 'everyone', limits: { no: [], never: [] } };
  await database.likenessGrant.createMany({
    data: pairs.map(({ personId }) => ({ id: `gra_${personId}`, personId, ...grant })),
  });
  const text = JSON.stringify(ready.readBack);
  const copies = pairs.map(({ clipId }) => {
    const releaseId = newReleaseId();
    const readBack = JSON.parse(text.replaceAll(ready.releaseId, releaseId)) as object;
    return { ...ready, id: clipId, releaseId, readBack, inspection: undefined };
  });
  await database.clip.createMany({ data: copies as never });
  await database.likenessUse.createMany({
    data: pairs.map(({ clipId, personId }) => ({
      clipId,
      personId,
      grantId: `gra_${personId}`,
      tenantId,
      how: 'asked',
    })),
  });
  return pairs;
}

/** The last step's transaction, as the pipeline makes it. False when it was stopped. */
async function release(clipId: string): Promise<boolean> {
  const clip = await gate.clip(clipId);
  try {
    await gate.moves.apply(clip, await step.work(clip));
    return true;
  } catch (e) {
    if (e instanceof LikenessChangedError) return false;
    throw e;
  }
}

/** Clips whose release was committed after the revocation of the person in them. */
const late = () => gate.core.database.$queryRaw<{ id: string }[]>`
  SELECT u.clip_id AS id FROM likeness_uses u
  JOIN race_order r ON r.what = 'released' AND r.id = u.clip_id
  JOIN race_order v ON v.what = 'revoked' AND v.id = u.person_id
  WHERE r.place > v.place`;

it(`never commits a release after the revocation, in ${RACES} races`, async () => {
  const pairs = await prepare(RACES);
  const queue = [...pairs];
  let released = 0;
  const runner = async () => {
    for (let pair = queue.pop(); pair; pair = queue.pop()) {
      const { clipId, personId } = pair;
      const ahead = (2 * Math.random() - 1) * SPREAD_MS;
      const [done] = await Promise.all([
        wait(Math.max(0, -ahead)).then(() => release(clipId)),
        wait(Math.max(0, ahead)).then(() => revoke(gate, personId)),
      ]);
      if (done) released++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
  expect(await late()).toEqual([]);
  const clipIds = { in: pairs.map(({ clipId }) => clipId) };
  expect(await gate.core.database.release.count({ where: { clipId: clipIds } })).toBe(released);
  expect(await gate.core.database.clip.count({ where: { id: clipIds, state: 'released' } })).toBe(released);
  // Both sides won often: the timing was a race.
  expect(Math.min(released, RACES - released)).toBeGreaterThan(RACES / 50);
}, 120_000);

it('is stopped by the database alone too, where the guard is gone', async () => {
  const [pair] = await prepare(1);
  await revoke(gate, pair!.personId);
  const unguarded = new LogStep({ settle: async () => 0 }, { releasing: async () => undefined });
  const clip = await gate.clip(pair!.clipId);
  const late = async () => gate.moves.apply(clip, await unguarded.work(clip));
  await expect(late()).rejects.toThrow(/without a live grant/);
});

it('would notice one: without guard and trigger a late release is found', async () => {
  const [pair] = await prepare(1);
  await revoke(gate, pair!.personId);
  await gate.core.database.$executeRawUnsafe('ALTER TABLE releases DISABLE TRIGGER releases_are_consented');
  const unguarded = new LogStep({ settle: async () => 0 }, { releasing: async () => undefined });
  const clip = await gate.clip(pair!.clipId);
  await gate.moves.apply(clip, await unguarded.work(clip));
  expect(await late()).toEqual([{ id: pair!.clipId }]);
});
