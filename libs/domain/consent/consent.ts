import type { ConsentParts } from './parts.js';
import { ConsentRecords } from './exports.js';
import { Enrolments } from './enrolments.js';
import { Persons } from './persons.js';
import { Revocations } from './revocations.js';
import { LikenessUses } from './uses.js';

/** The whole room, as the API calls it. */
export interface Consent {
  enrolments: Enrolments;
  persons: Persons;
  uses: LikenessUses;
  revocations: Revocations;
  records: ConsentRecords;
}

/** Puts the room together. */
export function openConsent(parts: ConsentParts): Consent {
  const persons = new Persons(parts);
  return {
    enrolments: new Enrolments(parts),
    persons,
    uses: new LikenessUses(parts),
    revocations: new Revocations(parts),
    records: new ConsentRecords(parts, persons),
  };
}
