import type {
  FaceTaken,
  ListProtected,
  ProtectedEntry,
  ProtectedEntryDetail,
  ProtectedList,
  ProtectedState,
  ReviewProtected,
  StaffAction,
  SubmitProtected,
} from '#contracts';
import { announceBlob, announceKey, forgetSubject, hashName, keepKey, takeBackKey } from '#domain/recognition';
import { newId, sha256Hex, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Database, Prisma } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import { promiseJob } from '#platform/queue';
import { once, readBlob, type BlobStore } from '#platform/storage';
import { imageContext, openDetails, sealDetails } from './details.js';
import { erase } from './erase.js';
import { entryChanged, entryNotFound, RegisterError } from './errors.js';
import { recognise, subjectOf } from './recognise.js';
import { reviewed } from './reviews.js';
import { actorOf, assertUser, idOf, isOperator, visibleTo, type RegisterKey, type RegisterUser } from './users.js';
import { entryView, type EntryRow } from './view.js';

/** A face that was taken from a picture, or why none could be. */
export interface TakenFace {
  face: FaceTaken;
  /** Sealed under the entry's key, as `sealTemplate` of `#domain/recognition` wrote it; base64. */
  template: { model: string; sealed: string } | null;
}

/** A picture that came with a submission. */
export interface SubmittedImage {
  bytes: Uint8Array;
  /** Takes the face in a worker, under the key of this entry. */
  takeFace(entryId: string): Promise<TakenFace>;
}

/** What the register is kept with. */
export interface RegisterStore {
  database: Database;
  blobs: BlobStore;
  keys: SubjectKeys;
  clock: Clock;
  /** The key that names are hashed with: `nameKey(core.keyring.sealer)`. */
  nameKey: Uint8Array;
}

/** Which entries are asked for. */
export interface EntryQuery extends Omit<ListProtected, 'state'> {
  states?: readonly ProtectedState[];
  tenant?: string | undefined;
}

/** Open submissions of one tenant: more are not reviewed by anybody. */
const MOST_OPEN = 1000;

/** Days that the picture of an entry is kept when nobody decides; its face stays, sealed. */
const UNDECIDED_DAYS = 180;

/** The register of people who never enrolled. Three people take part in an entry: one asks, two decide. */
export class ProtectedRegister {
  constructor(private readonly store: RegisterStore) {}

  /**
   * Files a submission; nobody is recognised by it before it was reviewed.
   * @throws RegisterError `nothing_to_recognise` without names and face, `operator_only`, `too_many_submissions`;
   *   RecognitionError `name_invalid`
   */
  async submit(user: RegisterKey, wanted: SubmitProtected, image: SubmittedImage | null): Promise<ProtectedEntry> {
    const { database, keys, nameKey } = this.store;
    if (wanted.shared) await this.requireOperator(user);
    wanted.names.forEach((name) => hashName(nameKey, name));
    const tenantId = wanted.shared ? null : user.tenantId;
    const open = await database.protectedEntry.count({ where: { tenantId, state: 'submitted' } });
    if (open >= MOST_OPEN) {
      const message = `${open} entries wait for a review. Review them first.`;
      throw new RegisterError('rate_limited', 'too_many_submissions', message);
    }
    const id = newId('prot');
    const { names, proof, kind } = wanted;
    await announceKey(this.store, id);
    try {
      const detailsSealed = await sealDetails(keys, id, { names, proof, reasons: [] });
      const taken: TakenFace = image ? await image.takeFace(id) : { face: 'no_image', template: null };
      if (names.length === 0 && !taken.template) throw nothingToRecognise(taken.face);
      const imageSha256 = image ? await this.keepImage(id, image.bytes) : null;
      return await this.file(user, {
        ...{ id, tenantId, kind, detailsSealed, imageSha256, face: taken.face, namesCount: names.length },
        templateSealed: taken.template?.sealed ?? null,
        templateModel: taken.template?.model ?? null,
        imageUntil: image ? new Date(this.store.clock.now().getTime() + UNDECIDED_DAYS * 86_400_000) : null,
        submittedBy: user.keyId,
      });
    } catch (e) {
      // What was sealed for it opens no more, unless the entry is on record although nobody heard of it.
      await takeBackKey(this.store, id);
      throw e;
    }
  }

  /** A page of the entries that the caller may see, newest first. It names nobody. */
  async list(user: RegisterUser, query: ListProtected): Promise<ProtectedList> {
    const { state, ...rest } = query;
    const { rows, ...page } = await this.page(user, { ...rest, ...(state && { states: [state] }) });
    return { ...page, data: rows.map(entryView) };
  }

  /** A page of rows of entries. */
  async page(user: RegisterUser, query: EntryQuery): Promise<Omit<ProtectedList, 'data'> & { rows: EntryRow[] }> {
    const { states, kind, tenant, after, limit } = query;
    const rows = await this.store.database.protectedEntry.findMany({
      where: {
        AND: [await visibleTo(this.store.database, user), tenant === undefined ? {} : { tenantId: tenant }],
        ...(states && { state: { in: [...states] } }),
        ...(kind && { kind }),
        ...(after && { id: { lt: after } }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return { object: 'list', rows: rows.slice(0, limit), has_more: rows.length > limit };
  }

  /** An entry with names and proof. Looking is put on record. @throws RegisterError `entry_not_found` */
  async get(user: RegisterUser, id: string): Promise<ProtectedEntryDetail> {
    const row = await this.row(user, id, 'register.read');
    await this.record(user, row, 'register.viewed', { what: 'details' });
    const details = await openDetails(this.store.keys, row);
    const { names = null, proof = null, reasons = null } = details ?? {};
    return { ...entryView(row), names, proof, reasons };
  }

  /** The picture that was sent, for reviewers. Looking is put on record. @throws RegisterError `image_not_found` */
  async image(user: RegisterUser, id: string): Promise<Uint8Array> {
    const row = await this.row(user, id, 'register.review');
    const key = row.imageSha256 ? await this.store.keys.open(id) : null;
    if (!row.imageSha256 || !key) {
      throw new RegisterError('not_found', 'image_not_found', 'This entry has no picture, or no more.');
    }
    await this.record(user, row, 'register.viewed', { what: 'image' });
    const sealed = await readBlob(this.store.blobs, row.imageSha256);
    return key.open(sealed.toString('latin1'), imageContext(id));
  }

  /**
   * One person's review. The first approval makes a child or a victim recognised for the time being; the second makes the
   * entry active. Either may reject.
   * @throws RegisterError `reviewer_not_independent`, `entry_not_open`, `entry_changed`, `entry_not_found`
   */
  async review(user: RegisterUser, id: string, { outcome, reason }: ReviewProtected): Promise<ProtectedEntry> {
    const { database, keys, clock, nameKey } = this.store;
    const row = await this.row(user, id, 'register.review');
    const now = clock.now();
    const patch = reviewed(row, idOf(user), outcome, now);
    const details = await openDetails(keys, row);
    if (!details) throw entryNotFound(id);
    const detailsSealed = await sealDetails(keys, id, { ...details, reasons: [...details.reasons, reason] });
    const changed = await database.$transaction(async (tx) => {
      const { count } = await tx.protectedEntry.updateMany({
        where: { id, version: row.version, state: row.state },
        data: { ...patch, detailsSealed, version: row.version + 1 },
      });
      if (count === 0) throw entryChanged();
      if (patch.recognised && !row.recognised) await recognise(tx, row, details, nameKey);
      if (!patch.recognised && row.recognised) await forgetSubject(tx, subjectOf(row));
      await recordAudit(tx, {
        ...{ tenantId: row.tenantId, actor: actorOf(user), action: 'register.reviewed', subject: id },
        ...{ fromState: row.state, toState: patch.state, data: { outcome, recognised: patch.recognised } },
      });
      return tx.protectedEntry.findUniqueOrThrow({ where: { id } });
    });
    return entryView(changed);
  }

  /**
   * Ends an entry: nobody is recognised by it any more, and all that was kept of the person is erased. Again does no harm.
   * One that protects somebody takes two people: the first asks for the end, and until another confirms it nothing changes.
   * @throws RegisterError `entry_not_found`, `entry_changed`, `end_not_independent`
   */
  async end(user: RegisterUser, id: string): Promise<ProtectedEntry> {
    const { database, clock } = this.store;
    const row = await this.row(user, id, 'register.review');
    if (row.state !== 'ended') {
      if (row.recognised && row.endingBy === null) return this.askToEnd(user, row);
      if (row.recognised && row.endingBy === idOf(user)) {
        const message = 'Another person confirms the end of an entry that protects somebody. Use another person’s key.';
        throw new RegisterError('forbidden', 'end_not_independent', message);
      }
      await database.$transaction(async (tx) => {
        const { count } = await tx.protectedEntry.updateMany({
          where: { id, version: row.version },
          data: { state: 'ended', recognised: false, endedAt: clock.now(), version: row.version + 1 },
        });
        if (count === 0) throw entryChanged();
        await forgetSubject(tx, subjectOf(row));
        await recordAudit(tx, {
          ...{ tenantId: row.tenantId, actor: actorOf(user), action: 'register.ended', subject: id },
          ...{ fromState: row.state, toState: 'ended' },
        });
        // Should this process end here, a worker destroys key and picture.
        await promiseJob(tx, { job: 'register.erase', payload: { entryId: id }, dedupeKey: `${id}-erase` });
      });
    }
    await erase(this.store, id);
    return entryView(await database.protectedEntry.findUniqueOrThrow({ where: { id } }));
  }

  private async askToEnd(user: RegisterUser, { id, version, tenantId, state }: EntryRow): Promise<ProtectedEntry> {
    const { database, clock } = this.store;
    const changed = await database.$transaction(async (tx) => {
      const data = { endingBy: idOf(user), endingAt: clock.now(), version: version + 1 };
      const { count } = await tx.protectedEntry.updateMany({ where: { id, version }, data });
      if (count === 0) throw entryChanged();
      const event = { tenantId, actor: actorOf(user), action: 'register.end_asked', subject: id };
      await recordAudit(tx, { ...event, fromState: state, toState: state });
      return tx.protectedEntry.findUniqueOrThrow({ where: { id } });
    });
    return entryView(changed);
  }

  private async keepImage(id: string, bytes: Uint8Array): Promise<string> {
    const key = await this.store.keys.create(id);
    const sealed = Buffer.from(key.seal(bytes, imageContext(id)), 'latin1');
    const sha256 = sha256Hex(sealed);
    await announceBlob(this.store.database, id, sha256);
    await this.store.blobs.put(once(sealed));
    return sha256;
  }

  private async file(user: RegisterKey, data: Prisma.ProtectedEntryUncheckedCreateInput): Promise<ProtectedEntry> {
    const { database, clock } = this.store;
    const row = await database.$transaction(async (tx) => {
      await keepKey(tx, data.id);
      await recordAudit(tx, {
        ...{ tenantId: data.tenantId ?? null, actor: actorOf(user), action: 'register.submitted', subject: data.id },
        ...{ toState: 'submitted', data: { kind: data.kind, face: data.face, names: data.namesCount } },
      });
      return tx.protectedEntry.create({ data: { ...data, createdAt: clock.now() } });
    });
    return entryView(row);
  }

  private async row(user: RegisterUser, id: string, action: StaffAction): Promise<EntryRow> {
    const { database } = this.store;
    const row = await database.protectedEntry.findFirst({ where: { id, ...(await visibleTo(database, user)) } });
    if (!row) throw entryNotFound(id);
    assertUser(user, action, row);
    return row;
  }

  private async requireOperator(user: RegisterKey): Promise<void> {
    if (await isOperator(this.store.database, user)) return;
    const message = 'Entries for every tenant are kept by the operator of this service.';
    throw new RegisterError('forbidden', 'operator_only', message, { param: 'shared' });
  }

  private async record(user: RegisterUser, row: EntryRow, action: string, data: Record<string, unknown>) {
    const { tenantId, id: subject } = row;
    await this.store.database.$transaction((tx) =>
      recordAudit(tx, { tenantId, actor: actorOf(user), action, subject, data }),
    );
  }
}

function nothingToRecognise(face: FaceTaken): RegisterError {
  const why =
    face === 'no_image'
      ? 'Send names, a picture, or both.'
      : `No face could be taken from the picture: ${face}. Send a better one, or names.`;
  return new RegisterError('invalid', 'nothing_to_recognise', why, {
    param: face === 'no_image' ? 'names' : 'image',
    data: { face },
  });
}
