import type { ProtectedKind } from './names.js';

/** What is known of makers outside this room. */
export interface MakerFacts {
  /** ISO 3166-1 country of a maker; null when nobody said. */
  country(makerId: string): Promise<string | null>;
  /** Whether two makers follow each other. */
  areMutual(a: string, b: string): Promise<boolean>;
}

/** A name that was found in a text. */
export interface FoundName {
  subject: { kind: 'person' | 'protected'; id: string };
  /** Words of the name. */
  words: number;
}

/** Names of everybody in the register, as a text is searched for them. */
export interface Names {
  find(text: string, tenantId: string): Promise<readonly FoundName[]>;
}

/** Why entries of the protected register are protected. */
export interface ProtectedKinds {
  /** The kind of each entry; an entry that is not in the map is protected in full. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, ProtectedKind>>;
}

/** A grant as it is judged. */
export interface JudgedGrant {
  id: string;
  audience: string;
  limits: unknown;
  places: string[];
  until: Date | null;
  endedAt: Date | null;
}

/** A person as they are judged. */
export interface JudgedPerson {
  id: string;
  tenantId: string;
  makerId: string | null;
  state: string;
  approved: string[];
}

/** Who wants to use a likeness. */
export interface Asker {
  tenantId: string;
  makerId: string | null;
}

/** Why a likeness may not be used. */
export type Breach =
  | 'no_grant'
  | 'other_tenant'
  | 'not_for_this_maker'
  | 'not_in_this_country'
  | 'limit_violence'
  | 'limit_politics'
  | 'limit_swimwear'
  | 'limit_sexual'
  | 'limit_never'
  | 'limit_unread';
