import { CreateStaff, Locale, STAFF_ROLES, type StaffInvitation } from '#contracts';
import type { StaffMembers } from '#domain/staff';
import { systemClock } from '#kernel';
import { CliError, EXIT, type Context } from '../context.js';
import { withDatabase } from '../database.js';

async function withMembers(
  env: Context['env'],
  work: (members: StaffMembers) => Promise<StaffInvitation>,
): Promise<StaffInvitation> {
  const { StaffMembers, StaffSessions } = await import('#domain/staff');
  return withDatabase(env, (database, { publicUrl }) =>
    work(new StaffMembers(database, new StaffSessions(database, systemClock), systemClock, publicUrl)),
  );
}

function show({ staff, url, expires_at }: StaffInvitation, { words, out, note }: Context): void {
  note(words.staff.invitation(staff.email));
  out(url);
  note(words.staff.until(expires_at.slice(0, 16).replace('T', ' ')));
}

/** What may be said of a new member on the command line. */
export interface StaffOptions {
  email: string;
  roles: string;
  name?: string;
  locale?: string;
}

/** `imprimatur staff create`: the first admin, or anybody else. Whoever has a shell here may do anything already. */
export async function staffCreate({ email, roles, name, locale }: StaffOptions, context: Context): Promise<number> {
  const { staff: words } = context.words;
  const given = roles.split(',').map((role) => role.trim());
  if (given.some((role) => !(STAFF_ROLES as readonly string[]).includes(role)))
    throw new CliError('bad_roles', words.badRoles(roles, STAFF_ROLES.join(', ')));
  const spoken = Locale.safeParse(locale ?? context.lang);
  if (!spoken.success) throw new CliError('bad_locale', words.badLocale(locale!));
  const request = CreateStaff.safeParse({ email, roles: given, locale: spoken.data, ...(name && { name }) });
  if (!request.success) throw new CliError('bad_email', words.badEmail(email));
  show(await withMembers(context.env, (members) => members.create('operator', request.data)), context);
  return EXIT.done;
}

/** `imprimatur staff invite`: a new way in, also for the only admin. */
export async function staffInvite({ email }: { email: string }, context: Context): Promise<number> {
  show(await withMembers(context.env, (members) => members.inviteByEmail(email)), context);
  return EXIT.done;
}
