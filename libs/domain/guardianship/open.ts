import type { Policies } from '#domain/gate';
import type { Clock } from '#kernel';
import { Makers, type RateLimits } from '#platform/auth';
import type { Database } from '#platform/database';
import type { Sealer } from '#platform/keys';
import { AccessSettings } from './access.js';
import { MakerContacts } from './contacts.js';
import { Guardians } from './guardians.js';
import { GuardianLinks } from './links.js';
import { MakerRecords } from './makers.js';
import { MakerRulesGate } from './rules.js';
import { GuardianSessions } from './sessions.js';

/** Everything about ages, contacts, access rules and guardians. */
export interface Guardianship {
  /** What the gate asks. */
  rules: MakerRulesGate;
  makers: MakerRecords;
  contacts: MakerContacts;
  access: AccessSettings;
  /** The teen's side. */
  links: GuardianLinks;
  /** The guardian's side. */
  guardians: Guardians;
  sessions: GuardianSessions;
}

/** Puts the room together. @param given.publicUrl under which the page for guardians is reached */
export function openGuardianship(given: {
  database: Database;
  clock: Clock;
  sealer: Sealer;
  limits: RateLimits;
  policies: Pick<Policies, 'current' | 'now'>;
  publicUrl: string;
}): Guardianship {
  const { database, clock, sealer, limits, policies, publicUrl } = given;
  const makers = new Makers(database);
  const sessions = new GuardianSessions(database, clock);
  return {
    rules: new MakerRulesGate(database, makers, policies, clock),
    makers: new MakerRecords(database, makers, clock),
    contacts: new MakerContacts(database, makers, clock),
    access: new AccessSettings(database, makers, clock, limits),
    links: new GuardianLinks(database, makers, clock, sealer, publicUrl),
    guardians: new Guardians(database, sessions, clock, sealer, policies),
    sessions,
  };
}
