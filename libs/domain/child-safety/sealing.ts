import { createHash } from 'node:crypto';
import { discardFiles, dropHold } from '#domain/gate';
import { AppError, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Database } from '#platform/database';
import { newStreamKey, openStream, sealStream, type Sealer, type SubjectKeys } from '#platform/keys';
import type { QueueClient } from '#platform/queue';
import type { BlobStore } from '#platform/storage';
import { SafetyError } from './errors.js';
import { caseKey, fileContext } from './facts.js';

/** What cases are kept with. */
export interface SafetyStore {
  database: Database;
  blobs: BlobStore;
  keys: SubjectKeys;
  clock: Clock;
}

type FileRow = Awaited<ReturnType<Database['safetyFile']['findMany']>>[number];

/**
 * Puts the files of a case under seal and deletes the plain ones. Whatever a crash interrupted is taken up again: a plain
 * file goes only after its sealed form was read back and is on record.
 * @throws SafetyError, StorageError, KeyError: try again
 */
export async function sealCase(store: SafetyStore, caseId: string): Promise<void> {
  const { database, keys, clock } = store;
  const row = await database.safetyCase.findUnique({ where: { id: caseId }, include: { files: true } });
  if (!row || row.sealedAt || row.destroyingAt) return;
  const key = await caseKey(keys, caseId);
  for (const file of row.files) {
    if (file.erasedAt) continue;
    if (file.name !== 'derived' && !file.sealedSha256) await sealFile(store, key, file, row.tenantId);
    await erasePlain(store, file);
  }
  await database.safetyCase.updateMany({ where: { id: caseId, sealedAt: null }, data: { sealedAt: clock.now() } });
}

async function sealFile(store: SafetyStore, key: Sealer, file: FileRow, tenantId: string): Promise<void> {
  const { database, blobs } = store;
  const { caseId, name, sha256 } = file;
  const fileKey = newStreamKey();
  let plain;
  try {
    plain = await blobs.open(sha256);
  } catch (e) {
    if (!(e instanceof AppError) || e.code !== 'blob_not_found') throw e;
    const data = { file: name, sha256 };
    await database.$transaction((tx) =>
      recordAudit(tx, { tenantId, actor: 'worker', action: 'child_safety.file_missing', subject: caseId, data }),
    );
    return;
  }
  // Whatever ends the sealing ends the reading.
  const sealed = await blobs.put(sealStream(fileKey, plain)).finally(() => plain.destroy());
  const back = createHash('sha256');
  let bytes = 0;
  for await (const piece of openStream(fileKey, await blobs.open(sealed.sha256))) {
    back.update(piece);
    bytes += piece.byteLength;
  }
  if (back.digest('hex') !== sha256) {
    await blobs.delete(sealed.sha256);
    throw new SafetyError('internal', 'evidence_not_sealed', 'A file does not read back as it was sealed.');
  }
  const { count } = await database.safetyFile.updateMany({
    where: { caseId, name, sha256, sealedSha256: null },
    data: { sealedSha256: sealed.sha256, keySealed: key.seal(fileKey, fileContext(caseId, name, sha256)), bytes },
  });
  if (count === 0) await blobs.delete(sealed.sha256); // another worker was first
}

async function erasePlain({ database, blobs, clock }: SafetyStore, { caseId, name, sha256 }: FileRow): Promise<void> {
  await database.$transaction((tx) => dropHold(tx, caseId, sha256));
  await discardFiles(database, blobs, [sha256]);
  await database.safetyFile.updateMany({ where: { caseId, name, sha256 }, data: { erasedAt: clock.now() } });
}

/** @throws SafetyError `evidence_not_ready` while a file waits to be sealed */
export function assertReady({ sealedSha256, keySealed }: Pick<FileRow, 'sealedSha256' | 'keySealed'>): void {
  if (sealedSha256 && keySealed) return;
  const message = 'The files of this case are being sealed. Ask again in a moment.';
  throw new SafetyError('conflict', 'evidence_not_ready', message);
}

/** The plain bytes of a sealed file, piece by piece. @throws SafetyError `evidence_not_ready`, `evidence_destroyed`; KeyError */
export async function* openFile({ keys, blobs }: SafetyStore, file: FileRow): AsyncGenerator<Uint8Array> {
  assertReady(file);
  const key = await caseKey(keys, file.caseId);
  const fileKey = key.open(file.keySealed!, fileContext(file.caseId, file.name, file.sha256));
  yield* openStream(fileKey, await blobs.open(file.sealedSha256!));
}

/** How long a case may wait to be sealed before its job is asked for again. */
const UNSEALED_MS = 30_000;

/** Asks again for the sealing of cases whose job was lost. */
export async function reconcileCases(database: Database, queue: QueueClient, clock: Clock): Promise<void> {
  const rows = await database.safetyCase.findMany({
    where: { sealedAt: null, destroyingAt: null, openedAt: { lt: new Date(clock.now().getTime() - UNSEALED_MS) } },
    select: { id: true },
    take: 100,
  });
  for (const { id } of rows) await queue.add('child_safety.seal', { caseId: id }, `${id}-seal`);
}

/**
 * Destroys the evidence of cases whose preservation ended and that a person decided, and where it was to be reported,
 * reported: the key first, so that no copy of a file or of the database opens afterwards. Never before.
 * @returns number of cases destroyed
 */
export async function sweepCases({ database, blobs, keys, clock }: SafetyStore): Promise<number> {
  const now = clock.now();
  const over = { preserveUntil: { lte: now }, destroyedAt: null };
  const decided = { OR: [{ state: { in: ['dismissed', 'reported'] } }, { state: 'rehearsed', synthetic: true }] };
  const rows = await database.safetyCase.findMany({
    where: { ...over, ...decided },
    include: { files: true },
    take: 50,
  });
  let count = 0;
  for (const row of rows) {
    // Somebody may have made the time longer at this moment: whoever comes first wins.
    const claimed = await database.safetyCase.updateMany({
      where: { id: row.id, ...over, ...decided },
      data: { destroyingAt: row.destroyingAt ?? now },
    });
    if (claimed.count === 0) continue;
    await keys.destroy(row.id);
    for (const { sealedSha256 } of row.files) if (sealedSha256) await blobs.delete(sealedSha256);
    await database.$transaction(async (tx) => {
      await tx.safetyFile.updateMany({ where: { caseId: row.id }, data: { keySealed: null, sealedSha256: null } });
      await tx.safetyCase.update({
        where: { id: row.id },
        data: { factsSealed: null, reasonSealed: null, destroyedAt: now, version: { increment: 1 } },
      });
      const { tenantId, id: subject } = row;
      await recordAudit(tx, { tenantId, actor: 'worker', action: 'child_safety.destroyed', subject });
    });
    count++;
  }
  return count;
}
