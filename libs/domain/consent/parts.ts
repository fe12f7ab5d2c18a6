import type { Clock } from '#kernel';
import type { Clips, EvidenceStills, Move } from '#domain/gate';
import type { Makers } from '#platform/auth';
import type { Clip, Database, Transaction } from '#platform/database';
import type { Sealer, SubjectKeys } from '#platform/keys';
import type { BlobStore } from '#platform/storage';
import type { Notice, NoticeFacts } from './notice.js';

/** What the operator decides about consent. */
export interface ConsentSettings {
  /** Under which people reach this service. */
  publicUrl: string;
  keepDays: number;
  minimumAge: number;
}

/** What this room stands on. */
export interface ConsentParts {
  database: Database;
  blobs: BlobStore;
  clock: Clock;
  /** Of the deployment: what has no person's key yet. */
  sealer: Sealer;
  keys: SubjectKeys;
  makers: Makers;
  clips: Clips;
  /** Refuses a clip that is on its way, because the actor, who is shown in it, ended it. */
  refusal: (clip: Clip, actor: string) => Promise<Move>;
  stills: EvidenceStills;
  notice: (facts: NoticeFacts) => Notice;
  settings: ConsentSettings;
}

/** The platform's own name, as people know it. */
export async function platformOf(database: Pick<Transaction, 'tenant'>, tenantId: string): Promise<string> {
  return (await database.tenant.findUniqueOrThrow({ where: { id: tenantId } })).name;
}

/** Page of somebody who enrols or is enrolled. The secret stands behind the #, which browsers send to nobody. */
export function pageUrl(settings: ConsentSettings, secret: string): string {
  return `${settings.publicUrl.replace(/\/$/, '')}/consent#${secret}`;
}
