import type { FaceHit } from '#domain/recognition-faces';
import type { FaceTemplate } from '#engines/faces';

export type { FaceHit };

/**
 * Faces of everybody in the register: persons of all tenants, protected entries of the tenant and those that hold for
 * every tenant.
 */
export interface FaceRegister {
  /** Takes in what changed. @throws when it cannot: nothing may be compared then */
  refresh(): Promise<unknown>;
  /** Begins to load; does not wait. */
  start?(): void;
  /** Ends loading. */
  close?(): Promise<void>;
  /** The most alike, best first; of both kinds unless one is named. @throws when it is not loaded */
  find(template: FaceTemplate, tenantId: string, most: number, kind?: 'person' | 'protected'): Promise<FaceHit[]>;
  /** Faces that a question of a tenant is compared with. */
  sizes(tenantId: string): { persons: number; shielded: number };
  /** True when two ids are records of one person: of one maker, or with faces that are alike beyond doubt. */
  samePerson(a: string, b: string): Promise<boolean>;
}
