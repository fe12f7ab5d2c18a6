import { messageOf, newId, sha256Hex } from '#kernel';
import type { EnrolmentFault, EnrolmentResult } from '#contracts';
import { isKnownMinor } from '#domain/guardianship';
import { announceBlob, announceKey, keepKey, takeBackKey } from '#domain/recognition';
import { recordAudit } from '#platform/audit';
import { json, Prisma, type LikenessEnrolment, type Transaction } from '#platform/database';
import type { QueueClient } from '#platform/queue';
import { once, type ScratchSpace } from '#platform/storage';
import { enrolJobId } from './enrolments.js';
import { heldBy, MOST_TRIES } from './enrolment-rows.js';
import { FAULT_TEXTS } from './faults.js';
import type { JudgedRecording, KnownFaces, RecordingJudge } from './judge.js';
import { createPerson } from './new-person.js';
import { endConsent } from './revocations.js';
import type { ConsentParts } from './parts.js';
import { portraitContext } from './portraits.js';
import { openProfile } from './profile.js';
import { openRecording } from './recordings.js';

/** What the workers' side needs besides. */
export interface RunnerParts extends ConsentParts {
  scratch: ScratchSpace;
  judge: RecordingJudge;
  faces: KnownFaces;
  /** True for a name of everyday words, which nobody is looked for by. */
  isOrdinary: (name: string) => boolean;
  queue: QueueClient;
  /** Told what went wrong; never with anything of the person. */
  onFault: (reason: string) => void;
}

/** From this chance on somebody in the recording counts as a minor, whatever was attested. */
const UNDER_18_REFUSED = 0.5;
/** A recording that nobody judged is asked for again, and given up. */
const STILL_MS = 20_000;
/** Extension of an opened recording, and when one that lies there still is that of a worker that was killed. */
const OPENED = 'enrolment';
const LEFT_MS = 300_000;
const OVERDUE_MS = 600_000;
const BATCH = 100;
/** Of the lock that lets one person at a time of a tenant be enrolled. */
const LOCK = 0x1e4201;

/** A recording does not pass. */
class Refused extends Error {
  constructor(readonly fault: EnrolmentFault) {
    super(fault);
  }
}

/** Why a recording does not pass, or null. Whatever could not be told does not. */
function faultOf({ liveness, face, under18, portrait }: JudgedRecording): EnrolmentFault | null {
  if (liveness.result !== 'live') return 'liveness_failed';
  if (!face || !portrait) return 'face_not_usable';
  if (under18 === null || under18 > UNDER_18_REFUSED) return 'age_not_confirmed';
  return null;
}

function resultOf(judged: JudgedRecording | null, fault: EnrolmentFault | null): EnrolmentResult {
  const checks = judged?.liveness.checks ?? [];
  return {
    passed: fault === null,
    fault,
    reason: fault && FAULT_TEXTS[fault],
    checks: checks.map(({ name, state, reason }) => ({ name, state, reason })),
    voice: fault === null && judged?.voice !== null,
  };
}

/** The workers' side of enrolments: judges recordings and destroys them. May be killed anywhere and be called again. */
export class EnrolmentRunner {
  constructor(private readonly parts: RunnerParts) {}

  /** Job `person.enrol`: judges the recording that waits, if one does. */
  async run(id: string): Promise<void> {
    const row = await this.parts.database.likenessEnrolment.findUnique({ where: { id } });
    if (row?.state !== 'checking') return;
    let judged: JudgedRecording | null = null;
    try {
      judged = await this.judge(row);
    } catch (e) {
      this.parts.onFault(messageOf(e));
    }
    // Before anything is decided: whatever happens from here on, the recording is gone.
    if (row.recordingSha256) await this.parts.blobs.delete(row.recordingSha256);
    const fault = judged ? faultOf(judged) : 'not_checked';
    if (!judged || fault) return this.refuse(row, judged, fault ?? 'not_checked');
    try {
      await this.accept(row, judged);
    } catch (e) {
      if (!(e instanceof Refused)) this.parts.onFault(messageOf(e));
      // Does nothing when the transaction took effect although it was not heard of: the row has changed then.
      await this.refuse(row, judged, e instanceof Refused ? e.fault : 'not_checked');
    }
  }

  /** Asks again for recordings whose job was lost, and gives up what is overdue. */
  async reconcile(): Promise<void> {
    const { database, queue, clock } = this.parts;
    const rows = await database.likenessEnrolment.findMany({ where: { state: 'checking' }, take: BATCH });
    for (const row of rows) {
      const waited = clock.now().getTime() - Date.parse(heldBy(row)?.received?.at ?? '');
      if (waited > STILL_MS) await queue.add('person.enrol', { id: row.id }, enrolJobId(row));
      if (!(waited <= OVERDUE_MS)) await this.giveUp(row);
    }
  }

  /** Ends what is overdue: nothing that a person said of themselves outlives the enrolment, and no opened recording. */
  async sweep(): Promise<void> {
    const { database, clock, scratch } = this.parts;
    await scratch.sweep(LEFT_MS, OPENED);
    const open = { state: { in: ['open', 'released', 'challenged'] }, expiresAt: { lte: clock.now() } };
    const rows = await database.likenessEnrolment.findMany({ where: open, take: BATCH });
    for (const row of rows) await this.end(row, { state: 'expired', ...NOTHING }, 'enrolment.expired');
  }

  private async giveUp(row: LikenessEnrolment): Promise<void> {
    if (row.recordingSha256) await this.parts.blobs.delete(row.recordingSha256);
    await this.refuse(row, null, 'not_checked');
  }

  private async judge(row: LikenessEnrolment): Promise<JudgedRecording | null> {
    const held = heldBy(row);
    const sealer = await this.parts.keys.open(row.id);
    if (!held?.received || !row.recordingSha256 || !sealer) return null;
    const { path, dispose } = await this.parts.scratch.file(OPENED);
    try {
      const { at, mirrored, key } = held.received;
      await openRecording({ ...this.parts, sealer }, row.id, { sha256: row.recordingSha256, key }, path);
      return await this.parts.judge.judge(path, { challenge: held.challenge, receivedAt: new Date(at), mirrored });
    } finally {
      await dispose();
    }
  }

  /** Makes the person. @throws Refused when the face or the handle belongs to somebody else */
  private async accept(row: LikenessEnrolment, judged: JudgedRecording): Promise<void> {
    const { database, keys, blobs, clock } = this.parts;
    const { face, portrait, voice } = judged;
    const own = await keys.open(row.id);
    if (!row.profileSealed || !own || !face || !portrait) throw new Refused('face_not_usable');
    const profile = openProfile(own, row.profileSealed, row.id);
    const id = newId('char');
    await announceKey(this.parts, id);
    try {
      const key = await keys.create(id);
      const sealed = Buffer.from(key.seal(portrait, portraitContext(id)), 'base64');
      const portraitSha256 = sha256Hex(sealed);
      await announceBlob(database, id, portraitSha256);
      await blobs.put(once(sealed));
      await database.$transaction(
        async (tx) => {
          // One at a time: of two who enrol the same face at once, the second finds the first.
          await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK}, hashtext(${row.tenantId}))`;
          // What the platform learnt since they began.
          const { makerId } = row;
          if (makerId !== null && (await isKnownMinor(tx, makerId, clock.now())))
            throw new Refused('age_not_confirmed');
          const older = await this.assertNew(tx, row, face);
          await keepKey(tx, id);
          await createPerson(tx, this.parts, { id, row, profile, key, face, voice, portraitSha256 });
          // One record for one person: the newer recording takes the place of the older.
          for (const one of older)
            await endConsent(tx, { id: one, withdrawAll: false }, `enrolment:${row.id}`, clock.now());
          const data = { ...NOTHING, state: 'done', personId: id, result: json(resultOf(judged, null)) };
          await this.move(tx, row, data, 'enrolment.done');
        },
        { timeout: 30_000, maxWait: 30_000 },
      );
    } catch (e) {
      // Somebody who is enrolled keeps their key, even if the answer of the database was lost.
      await takeBackKey(this.parts, id);
      const taken = e instanceof Prisma.PrismaClientKnownRequestError && e.code === 'P2002';
      throw taken ? new Refused('handle_taken') : e;
    }
  }

  /**
   * Ids of the person's own older records, of the same account.
   * @throws Refused when the face is somebody's who is known already
   */
  private async assertNew(tx: Transaction, row: LikenessEnrolment, face: { template: Uint8Array }): Promise<string[]> {
    const found = await this.parts.faces.find(face, row.tenantId);
    if (found.some(({ kind }) => kind === 'protected')) throw new Refused('face_protected');
    const persons = await tx.likenessPerson.findMany({
      where: { id: { in: found.map(({ id }) => id) }, tenantId: row.tenantId, state: 'enrolled' },
    });
    const own = (makerId: string | null) => makerId !== null && makerId === row.makerId;
    if (persons.some(({ makerId }) => !own(makerId))) throw new Refused('face_already_enrolled');
    return persons.map(({ id }) => id);
  }

  private async refuse(row: LikenessEnrolment, judged: JudgedRecording | null, fault: EnrolmentFault): Promise<void> {
    const over = row.tries >= MOST_TRIES;
    const data = {
      ...{ state: over ? 'failed' : 'released', challenge: Prisma.DbNull, recordingSha256: null },
      ...{ result: json(resultOf(judged, fault)) },
      ...(over && NOTHING),
      ...(fault === 'handle_taken' && { handle: null }),
    };
    await this.end(row, data, 'enrolment.refused', { fault });
  }

  private async end(
    row: LikenessEnrolment,
    data: Prisma.LikenessEnrolmentUpdateManyMutationInput,
    action: string,
    facts: Record<string, unknown> = {},
  ): Promise<void> {
    await this.parts.database
      .$transaction((tx) => this.move(tx, row, data, action, facts))
      .catch((e: unknown) => {
        if (!(e instanceof Stale)) throw e;
      });
  }

  private async move(
    tx: Transaction,
    { id, version, state, tenantId }: LikenessEnrolment,
    data: Prisma.LikenessEnrolmentUpdateManyMutationInput,
    action: string,
    facts: Record<string, unknown> = {},
  ): Promise<void> {
    const where = { id, version, state };
    const { count } = await tx.likenessEnrolment.updateMany({ where, data: { ...data, version: version + 1 } });
    if (count === 0) throw new Stale();
    await recordAudit(tx, { tenantId, actor: 'worker', action, subject: id, data: facts });
  }
}

/** Another worker was first. */
class Stale extends Error {}

/** An end leaves nothing of the person in an enrolment. */
const NOTHING = { profileSealed: null, challenge: Prisma.DbNull, recordingSha256: null, handle: null };
