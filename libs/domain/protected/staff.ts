import type {
  DeskProtectedDetail,
  DeskProtectedEntry,
  DeskProtectedList,
  ListDeskProtected,
  ProtectedState,
  ReviewProtected,
} from '#contracts';
import { tenantNames, type StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import type { ProtectedRegister } from './register.js';
import { entryView, type EntryRow } from './view.js';

const WAITING: readonly ProtectedState[] = ['submitted', 'first_approved'];

/** The register for staff: every platform that they may see, and the same two people who decide. */
export class StaffRegister {
  constructor(
    private readonly database: Database,
    private readonly register: ProtectedRegister,
  ) {}

  /** A page of entries, newest first. It names nobody. @throws AuthError `not_allowed` */
  async list(staff: StaffCaller, { state, ...query }: ListDeskProtected): Promise<DeskProtectedList> {
    const states = state === 'waiting' ? WAITING : state && [state];
    const { rows, ...page } = await this.register.page(staff, { ...query, ...(states && { states }) });
    return { ...page, data: await this.views(staff, rows) };
  }

  /** Names and proof. Looking is put on record. @throws as `ProtectedRegister.get` */
  async get(staff: StaffCaller, id: string): Promise<DeskProtectedDetail> {
    const { names, proof, reasons } = await this.register.get(staff, id);
    return { ...(await this.view(staff, id)), names, proof, reasons };
  }

  /** The picture that was sent. Looking is put on record. @throws as `ProtectedRegister.image` */
  image(staff: StaffCaller, id: string): Promise<Uint8Array> {
    return this.register.image(staff, id);
  }

  /** @throws as `ProtectedRegister.review` */
  async review(staff: StaffCaller, id: string, review: ReviewProtected): Promise<DeskProtectedEntry> {
    await this.register.review(staff, id, review);
    return this.view(staff, id);
  }

  /** @throws as `ProtectedRegister.end` */
  async end(staff: StaffCaller, id: string): Promise<DeskProtectedEntry> {
    await this.register.end(staff, id);
    return this.view(staff, id);
  }

  private async view(staff: StaffCaller, id: string): Promise<DeskProtectedEntry> {
    const [view] = await this.views(staff, [await this.database.protectedEntry.findUniqueOrThrow({ where: { id } })]);
    return view!;
  }

  private async views(staff: StaffCaller, rows: readonly EntryRow[]): Promise<DeskProtectedEntry[]> {
    const name = await tenantNames(
      this.database,
      rows.flatMap(({ tenantId }) => tenantId ?? []),
    );
    return rows.map((row) => ({
      ...entryView(row),
      tenant: row.tenantId === null ? null : name(row.tenantId),
      mine: [row.submittedBy, row.firstBy, row.secondBy].includes(staff.id),
    }));
  }
}
