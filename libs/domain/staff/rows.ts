import { Locale, StaffLimits, StaffRole, type StaffMember } from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { Staff } from '#platform/database';

/** Roles and limits as they are stored. @throws ZodError for what cannot be read: nothing is then allowed */
export function rightsOf(row: Pick<Staff, 'roles' | 'limits'>) {
  return { roles: row.roles.map((role) => StaffRole.parse(role)), ...StaffLimits.parse(row.limits) };
}

/** Who is calling, as of now. */
export function callerOf(row: Staff, sessionId: string): StaffCaller {
  return { id: row.id, name: row.name, ...rightsOf(row), sessionId, locale: Locale.parse(row.locale) };
}

/** True when the person has a way in. */
export function canSignIn(row: Staff): boolean {
  return (
    row.disabledAt === null && ((row.passwordHash !== null && row.totpSealed !== null) || row.oidcSubject !== null)
  );
}

/** A member of staff as those who manage staff see them. */
export function memberView(row: Staff): StaffMember {
  return {
    id: row.id,
    object: 'staff',
    name: row.name,
    email: row.email,
    state: row.disabledAt ? 'disabled' : canSignIn(row) ? 'active' : 'invited',
    ...rightsOf(row),
    locale: Locale.parse(row.locale),
    totp: row.totpSealed !== null,
    oidc: row.oidcSubject !== null,
    created_at: row.createdAt.toISOString(),
    last_sign_in_at: row.lastSignInAt?.toISOString() ?? null,
    disabled_at: row.disabledAt?.toISOString() ?? null,
  };
}
