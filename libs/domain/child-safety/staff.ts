import type {
  DecideSafetyCase,
  DeskSafetyCase,
  DeskSafetyCaseList,
  Evidence,
  ListDeskSafetyCases,
  MissingFile,
  OpenSeal,
  PreserveCase,
  StaffAction,
  StillView,
} from '#contracts';
import { newId } from '#kernel';
import { recordAudit } from '#platform/audit';
import { assertMay, mayDo, tenantNames, tenantsOf, type StaffCaller } from '#platform/auth';
import type { SafetyCases } from './cases.js';
import { caseNotFound, evidenceDestroyed, sealClosed } from './errors.js';
import { caseKey, reasonContext } from './facts.js';
import { actorOf } from './readers.js';
import type { SafetyReports } from './reports.js';
import type { SafetyStore } from './sealing.js';
import { caseView, type CaseRow } from './view.js';

/** How long a seal stays open once somebody opened it. */
const OPEN_MS = 30 * 60_000;

/** Most that is said of one's own opened seals at once. */
const MOST_OPEN = 1000;

/**
 * The same cases for staff with the role `child_safety`, of every platform that they may see. What is under seal they see only after
 * they opened it, with a reason, in this session; each look is on record with the opening that it belongs to.
 */
export class StaffSafetyCases {
  constructor(
    private readonly store: SafetyStore,
    private readonly cases: SafetyCases,
    private readonly reports: SafetyReports,
  ) {}

  /** A page of cases, newest first. @throws AuthError `not_allowed` */
  async list(staff: StaffCaller, { tenant, ...query }: ListDeskSafetyCases): Promise<DeskSafetyCaseList> {
    const reach = tenantsOf(staff, 'child_safety.read');
    const tenants = tenant === undefined ? reach : [tenant].filter((id) => reach === null || reach.includes(id));
    const { rows, ...page } = await this.cases.page(tenants, query);
    return { ...page, data: await this.views(staff, rows) };
  }

  /** @throws SafetyError `case_not_found`, for cases of platforms that the person may not see as well */
  async get(staff: StaffCaller, id: string): Promise<DeskSafetyCase> {
    const [view] = await this.views(staff, [await this.row(staff, 'child_safety.read', id)]);
    return view!;
  }

  /** Opens the seal for this session; why is put on record, sealed. @throws SafetyError `case_not_found`, `evidence_destroyed` */
  async open(staff: StaffCaller, id: string, { reason }: OpenSeal): Promise<DeskSafetyCase> {
    const row = await this.row(staff, 'child_safety.view', id);
    if (row.destroyingAt) throw evidenceDestroyed();
    const { database, keys, clock } = this.store;
    const reasonSealed = (await caseKey(keys, id)).seal(reason, reasonContext(id));
    const at = clock.now();
    const opening = newId('sop', at.getTime());
    const until = new Date(at.getTime() + OPEN_MS);
    await database.$transaction(async (tx) => {
      const { tenantId } = row;
      const by = { staffId: staff.id, sessionId: staff.sessionId };
      await tx.safetyOpening.create({ data: { id: opening, caseId: id, ...by, reasonSealed, at, until } });
      await recordAudit(tx, {
        ...{ tenantId, actor: actorOf({ tenantId, staffId: staff.id }), subject: id },
        action: 'child_safety.seal_opened',
        data: { opening, until: until.toISOString(), reason_sealed: reasonSealed },
      });
    });
    return this.get(staff, id);
  }

  /** Words, findings and files. @throws SafetyError `seal_closed`, `case_not_found`, `evidence_destroyed` */
  async evidence(staff: StaffCaller, id: string): Promise<Evidence> {
    return this.cases.evidence(await this.looking(staff, id), id);
  }

  /** All bytes of the clip, or of the picture that came with the request. @throws as {@link evidence}; `evidence_not_found` */
  async file(staff: StaffCaller, id: string, name: 'source' | 'reference'): Promise<Buffer> {
    return this.cases.whole(await this.looking(staff, id), id, name);
  }

  /** One still, WebP. @throws as {@link file} */
  async still(staff: StaffCaller, id: string, still: string, view: StillView): Promise<Uint8Array> {
    return this.cases.still(await this.looking(staff, id), id, still, view);
  }

  /** The report as it would be sent now, or the details of one of its files. @throws as {@link file} */
  async draft(staff: StaffCaller, id: string, file?: 'source' | 'reference'): Promise<string> {
    const reader = await this.looking(staff, id);
    return file ? this.reports.draftFile(reader, id, file) : this.reports.draft(reader, id);
  }

  /** @throws as `SafetyCases.decide` */
  async decide(staff: StaffCaller, id: string, wanted: DecideSafetyCase): Promise<DeskSafetyCase> {
    await this.cases.decide(await this.reader(staff, 'child_safety.decide', id), id, wanted);
    return this.get(staff, id);
  }

  /** @throws as `SafetyCases.preserve` */
  async preserve(staff: StaffCaller, id: string, wanted: PreserveCase): Promise<DeskSafetyCase> {
    await this.cases.preserve(await this.reader(staff, 'child_safety.decide', id), id, wanted);
    return this.get(staff, id);
  }

  /** @throws as `SafetyCases.missing` */
  async missing(staff: StaffCaller, id: string, wanted: MissingFile): Promise<DeskSafetyCase> {
    await this.cases.missing(await this.reader(staff, 'child_safety.decide', id), id, wanted);
    return this.get(staff, id);
  }

  /** @throws as `SafetyReports.send` */
  async send(staff: StaffCaller, id: string): Promise<DeskSafetyCase> {
    await this.reports.send(await this.reader(staff, 'child_safety.send', id), id);
    return this.get(staff, id);
  }

  private async row(staff: StaffCaller, action: StaffAction, id: string): Promise<CaseRow> {
    const row = await this.store.database.safetyCase.findUnique({ where: { id } });
    if (!row || !mayDo(staff, 'child_safety.read', { tenantId: row.tenantId })) throw caseNotFound(id);
    assertMay(staff, action, { tenantId: row.tenantId });
    return row;
  }

  private async reader(staff: StaffCaller, action: StaffAction, id: string) {
    const { tenantId } = await this.row(staff, action, id);
    return { tenantId, staffId: staff.id };
  }

  /** A reader who may look now. @throws SafetyError `seal_closed` */
  private async looking(staff: StaffCaller, id: string) {
    const { tenantId } = await this.row(staff, 'child_safety.view', id);
    const opening = (await this.openings(staff, [id])).get(id);
    if (!opening) throw sealClosed();
    return { tenantId, staffId: staff.id, opening: opening.id };
  }

  private async openings({ id: staffId, sessionId }: StaffCaller, caseIds: string[]) {
    const rows = await this.store.database.safetyOpening.findMany({
      where: { caseId: { in: caseIds }, staffId, sessionId, until: { gt: this.store.clock.now() } },
      orderBy: { until: 'asc' },
      take: MOST_OPEN,
    });
    return new Map(rows.map((row) => [row.caseId, row]));
  }

  private async views(staff: StaffCaller, rows: readonly CaseRow[]): Promise<DeskSafetyCase[]> {
    const now = this.store.clock.now();
    const [name, openings] = await Promise.all([
      tenantNames(
        this.store.database,
        rows.map(({ tenantId }) => tenantId),
      ),
      this.openings(
        staff,
        rows.map(({ id }) => id),
      ),
    ]);
    return rows.map((row) => ({
      ...caseView(row, now),
      tenant: name(row.tenantId),
      seal_open_until: openings.get(row.id)?.until.toISOString() ?? null,
    }));
  }
}
