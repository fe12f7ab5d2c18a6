import { newId, sha256Hex } from '#kernel';
import { STAFF_ROLES, type StaffRole } from '#contracts';
import { recordAudit } from '#platform/audit';
import { json, type Database, type Staff, type Transaction } from '#platform/database';
import { disabled, StaffError } from './errors.js';
import { assertAdminLeft, lockChanges } from './members.js';
import { rightsOf } from './rows.js';

/** What the company says of somebody. */
export interface CompanyPerson {
  issuer: string;
  subject: string;
  /** Confirmed by the company, lower case. */
  email: string;
  name: string | undefined;
  groups: readonly string[];
}

type RoleMap = readonly { group: string; roles: readonly StaffRole[] }[];

/** The account at the company; its e-mail address may change hands, its subject does not. */
function accountOf({ issuer, subject }: CompanyPerson): string {
  return sha256Hex(`${issuer}\n${subject}`);
}

/** Roles that the groups give; null when the deployment does not take roles from groups. */
function rolesFrom(map: RoleMap, groups: readonly string[]): StaffRole[] | null {
  if (map.length === 0) return null;
  const given = map.filter(({ group }) => groups.includes(group)).flatMap(({ roles }) => roles);
  const roles = STAFF_ROLES.filter((role) => given.includes(role));
  if (roles.length > 0) return roles;
  const message = 'None of your groups at the company has a role here. Ask those who run its accounts.';
  throw new StaffError('forbidden', 'oidc_no_role', message);
}

/** The person's row: by their account, else by an address that no other account is bound to. */
async function find(tx: Transaction, person: CompanyPerson): Promise<Staff | null> {
  const bound = await tx.staff.findUnique({ where: { oidcSubject: accountOf(person) } });
  if (bound) return bound;
  const named = await tx.staff.findUnique({ where: { email: person.email } });
  if (!named?.oidcSubject) return named;
  const message = 'This e-mail address belongs to another account of the company here. Ask somebody who manages staff.';
  throw new StaffError('forbidden', 'oidc_other_account', message);
}

async function create(tx: Transaction, person: CompanyPerson, roles: StaffRole[], now: Date): Promise<Staff> {
  const { email, name = email.split('@')[0]! } = person;
  const limits = json({ queues: null, categories: null, tenants: null });
  const id = newId('stf', now.getTime());
  await recordAudit(tx, { actor: 'oidc', action: 'staff.created', subject: id, data: { roles } });
  return tx.staff.create({ data: { id, email, name, roles, limits, oidcSubject: accountOf(person) } });
}

/**
 * Finds or makes the member of staff that the company's account is, with the roles that its groups give now.
 * @returns their id
 * @throws StaffError `oidc_unknown`, `oidc_no_role`, `oidc_other_account`, `staff_disabled`, `last_admin`
 */
export async function enterByCompany(tx: Transaction, person: CompanyPerson, map: RoleMap, now: Date): Promise<string> {
  await lockChanges(tx);
  const row = await find(tx, person);
  if (row?.disabledAt) throw disabled();
  const roles = rolesFrom(map, person.groups);
  if (!row) {
    if (roles) return (await create(tx, person, roles, now)).id;
    const message = 'You are not staff here yet. Ask somebody who manages staff to add your e-mail address.';
    throw new StaffError('forbidden', 'oidc_unknown', message);
  }
  const subject = row.id;
  if (!row.oidcSubject) {
    await tx.staff.update({ where: { id: subject }, data: { oidcSubject: accountOf(person) } });
    await recordAudit(tx, { actor: `staff:${subject}`, action: 'staff.company_account_bound', subject });
  }
  const from = rightsOf(row).roles;
  if (roles && roles.join() !== from.join()) {
    await tx.staff.update({ where: { id: subject }, data: { roles } });
    const data = { from: { roles: from }, to: { roles } };
    await recordAudit(tx, { actor: 'oidc', action: 'staff.rights_changed', subject, data });
    await assertAdminLeft(tx, row);
  }
  return subject;
}

/** Writes down that somebody with a good account was not let in. */
export async function noteCompanyRefusal(database: Database, person: CompanyPerson, why: string): Promise<void> {
  const row = await database.staff.findUnique({ where: { oidcSubject: accountOf(person) } });
  const fact = { action: 'staff.sign_in_refused', subject: row?.id ?? 'unknown', data: { why } };
  await recordAudit(database, { actor: 'anybody', ...fact });
}
