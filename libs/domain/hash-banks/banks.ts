import { AppError, newId, type Clock } from '#kernel';
import type { CreateHashBank, HashBank, HashEntry, HashImport, ListHashes } from '#contracts';
import { MIN_QUALITY, type ListEntry, type ListItem } from '#engines/fingerprint';
import { recordAudit } from '#platform/audit';
import type { Caller } from '#platform/auth';
import type { Database } from '#platform/database';
import { bankNotFound, HashBankError } from './errors.js';
import { insertEntries } from './rows.js';
import { bankView, entryView } from './view.js';

/** Banks that one tenant may have, and shared ones. */
const MOST_BANKS = 100;
/** Entries of one list. */
const MOST_ENTRIES = 1_000_000;
/** Entries that are written in one transaction: others wait meanwhile. */
const BATCH = 1000;
/** Faults of a list that are told. */
const MOST_FAULTS = 100;

/** Who asks: a caller of the API, or the part of one that matters. */
export type BankUser = Pick<Caller, 'tenantId' | 'keyId' | 'scopes'>;

/** Reads a list from its beginning; it is read twice: once to check all of it, once to write. */
export type OpenList = () => AsyncIterable<ListItem>;

const actorOf = ({ keyId }: BankUser) => `key:${keyId}`;

/** Banks and their entries, as their owners see and change them. Shared banks judge the clips of
 * every tenant, so the operator alone changes and reads them. */
export class HashBanks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes a bank. @throws HashBankError `too_many_hash_banks`; HashBankError `operator_only` for a shared one */
  async create(user: BankUser, { name, kind, category, shared }: CreateHashBank): Promise<HashBank> {
    if (shared) await this.requireOperator(user);
    const tenantId = shared ? null : user.tenantId;
    const id = newId('hb');
    const row = await this.database.$transaction(async (tx) => {
      if ((await tx.hashBank.count({ where: { tenantId, deletedAt: null } })) >= MOST_BANKS) {
        throw new HashBankError(
          'invalid',
          'too_many_hash_banks',
          `At most ${MOST_BANKS} hash banks: delete one first.`,
        );
      }
      const data = { name, kind, category, shared };
      await recordAudit(tx, { tenantId, actor: actorOf(user), action: 'hash_bank.created', subject: id, data });
      return tx.hashBank.create({ data: { id, tenantId, name, kind, category, createdBy: actorOf(user) } });
    });
    return bankView(row, 0);
  }

  /** The tenant's banks and the shared ones, oldest first. */
  async list(user: BankUser): Promise<HashBank[]> {
    const rows = await this.database.hashBank.findMany({
      where: { deletedAt: null, OR: [{ tenantId: user.tenantId }, { tenantId: null }] },
      orderBy: { id: 'asc' },
      take: 2 * MOST_BANKS + 2,
    });
    const counts = await this.database.hashEntry.groupBy({
      by: ['bankId'],
      where: { bankId: { in: rows.map(({ id }) => id) }, removedAt: null },
      _count: true,
    });
    const count = new Map(counts.map(({ bankId, _count }) => [bankId, _count]));
    return rows.map((row) => bankView(row, count.get(row.id) ?? 0));
  }

  /** @throws HashBankError `hash_bank_not_found` */
  async get(user: BankUser, id: string): Promise<HashBank> {
    const row = await this.row(user, id);
    return bankView(row, await this.database.hashEntry.count({ where: { bankId: id, removedAt: null } }));
  }

  /** @throws HashBankError `hash_bank_not_found` */
  async rename(user: BankUser, id: string, name: string): Promise<HashBank> {
    const row = await this.writable(user, id);
    await this.database.$transaction(async (tx) => {
      await tx.hashBank.update({ where: { id }, data: { name } });
      const fact = { tenantId: row.tenantId, actor: actorOf(user), action: 'hash_bank.renamed', subject: id };
      await recordAudit(tx, { ...fact, data: { name } });
    });
    return this.get(user, id);
  }

  /** Takes a bank and all its entries out of use. They stay on record. @throws HashBankError `hash_bank_not_found` */
  async remove(user: BankUser, id: string): Promise<void> {
    const { tenantId } = await this.writable(user, id);
    await this.database.$transaction(async (tx) => {
      await tx.hashBank.update({ where: { id }, data: { deletedAt: this.clock.now(), automaticKey: null } });
      await recordAudit(tx, { tenantId, actor: actorOf(user), action: 'hash_bank.deleted', subject: id });
    });
  }

  /** A page of the entries that are not removed, by their ids. */
  async entries(
    user: BankUser,
    id: string,
    { limit, after }: ListHashes,
  ): Promise<{ data: HashEntry[]; more: boolean }> {
    await this.writable(user, id);
    const rows = await this.database.hashEntry.findMany({
      where: { bankId: id, removedAt: null, ...(after && { id: { gt: BigInt(after) } }) },
      orderBy: { id: 'asc' },
      take: limit + 1,
    });
    return { data: rows.slice(0, limit).map(entryView), more: rows.length > limit };
  }

  /** Takes an entry out of use. @throws HashBankError `hash_entry_not_found` */
  async removeEntry(user: BankUser, id: string, entry: string): Promise<void> {
    const { tenantId } = await this.writable(user, id);
    const key = /^\d{1,18}$/.test(entry) ? BigInt(entry) : -1n;
    await this.database.$transaction(async (tx) => {
      const { count } = await tx.hashEntry.updateMany({
        where: { id: key, bankId: id, removedAt: null },
        data: { removedAt: this.clock.now(), removedBy: actorOf(user) },
      });
      if (count === 0) {
        const message = `There is no entry ${entry.slice(0, 40)} in this bank.`;
        throw new HashBankError('not_found', 'hash_entry_not_found', message);
      }
      const fact = { tenantId, actor: actorOf(user), action: 'hash_bank.entry_removed', subject: id };
      await recordAudit(tx, { ...fact, data: { entry } });
    });
  }

  /**
   * Adds a list, whole or not at all: it is checked to its end before anything is written.
   * @throws HashBankError with the code of the first bad line, and up to 100 of them in `details.data.faults`
   */
  async import(user: BankUser, id: string, open: OpenList): Promise<HashImport> {
    const { tenantId, automaticKey } = await this.writable(user, id);
    if (automaticKey) {
      throw new HashBankError(
        'invalid',
        'hash_bank_automatic',
        'This bank is filled by the service itself. Make one of your own.',
      );
    }
    const checked = await checkList(open());
    let added = 0;
    const write = async (batch: ListEntry[]) => {
      added += await this.database.$transaction((tx) => insertEntries(tx, id, batch, { actor: actorOf(user) }));
    };
    let batch: ListEntry[] = [];
    for await (const item of open()) {
      if (!('entry' in item)) continue;
      batch.push(item.entry);
      if (batch.length < BATCH) continue;
      await write(batch);
      batch = [];
    }
    if (batch.length) await write(batch);
    const { entries, skipped, lowQuality } = checked;
    await this.database.$transaction((tx) =>
      recordAudit(tx, {
        tenantId,
        actor: actorOf(user),
        action: 'hash_bank.imported',
        subject: id,
        data: { entries, added, skipped },
      }),
    );
    return { object: 'hash_import', bank: id, added, known: entries - added, low_quality: lowQuality, skipped };
  }

  private async row(user: BankUser, id: string) {
    const row = await this.database.hashBank.findFirst({
      where: { id, deletedAt: null, OR: [{ tenantId: user.tenantId }, { tenantId: null }] },
    });
    if (!row) throw bankNotFound(id);
    return row;
  }

  /** True for administrators of the operator's own tenant: the one that was made first. */
  async isOperator({ tenantId, scopes }: BankUser): Promise<boolean> {
    if (!scopes.includes('admin')) return false;
    const first = await this.database.tenant.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
    return first?.id === tenantId;
  }

  private async requireOperator(user: BankUser): Promise<void> {
    if (await this.isOperator(user)) return;
    throw new HashBankError(
      'forbidden',
      'operator_only',
      'Shared hash banks are kept by the operator of this service.',
    );
  }

  /** A bank that the caller may change and look into. */
  private async writable(user: BankUser, id: string) {
    const row = await this.row(user, id);
    if (row.tenantId === null) await this.requireOperator(user);
    return row;
  }
}

/** Reads a list to its end. @throws HashBankError when a line is bad, or there are too many */
async function checkList(items: AsyncIterable<ListItem>) {
  const faults: { line: number; code: string; message: string }[] = [];
  let [entries, skipped, lowQuality, bad] = [0, 0, 0, 0];
  for await (const item of items) {
    if ('entry' in item) {
      entries++;
      if (item.entry.quality !== null && item.entry.quality < MIN_QUALITY) lowQuality++;
    } else if ('skipped' in item) skipped++;
    else if (++bad <= MOST_FAULTS) faults.push({ line: item.line, code: item.fault.code, message: item.fault.message });
    if (entries > MOST_ENTRIES) {
      throw new HashBankError('too_large', 'hash_list_too_long', `A list may have at most ${MOST_ENTRIES} hashes.`);
    }
  }
  const [first] = faults;
  if (first) {
    const message = `Line ${first.line}: ${first.message} Nothing was added.`;
    const data = { line: first.line, faults, bad_lines: bad };
    throw new HashBankError('invalid', first.code, message, { param: 'hashes', data });
  }
  if (entries + skipped === 0) {
    throw new AppError('invalid', 'hash_list_empty', 'The list holds no hash.', { param: 'hashes' });
  }
  return { entries, skipped, lowQuality };
}
