import type { FaceTemplate } from '#engines/faces';

/** Somebody in the register whose face is like another. */
export interface FaceHit {
  subject: { kind: 'person' | 'protected'; id: string };
  /** Fused score, as the thresholds of `#engines/faces` mean it. */
  score: number;
  dlibDistance: number;
}

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
  /** The most alike, best first. @throws when it is not loaded */
  find(template: FaceTemplate, tenantId: string, most: number): Promise<FaceHit[]>;
}
