import type { ReferenceFaces, Signal } from '#contracts';
import { AppError } from '#kernel';
import type { Transaction } from '#platform/database';

/** What a request says about persons, by words, ids and pictures. */
export interface LikenessRequest {
  tenantId: string;
  /** Who asks; null when the platform does not say. */
  makerId: string | null;
  /** Words of the whole chain of remixes. */
  words: string;
  /** Ids of the persons that the request names as its characters. */
  characters: readonly string[];
  /** What a worker saw in the reference image; null without one. */
  reference: ReferenceFaces | null;
  /** The clip that this one is made from: its persons are in the new one too. */
  parentId: string | null;
  /** What the text engine found in the words; a person's own limits are judged by it. */
  signals: readonly Signal[];
}

/** That a clip uses a person's likeness, and the grant that allows it. */
export interface ClipUse {
  personId: string;
  grantId: string;
  /** asked: named by id, handle or name. inherited: stands in the parent. seen: recognised in a picture. */
  how: 'asked' | 'inherited' | 'seen';
}

/** Answer about a request. */
export interface LikenessAnswer {
  /** `likeness.names` always, `likeness.reference` where there is a reference; a check that failed is `unable`. */
  signals: Signal[];
  /** Persons that may be used, each under a grant that was live when asked. Empty when any may not. */
  uses: ClipUse[];
}

/** Whoever keeps the register of persons, as admission asks it. */
export interface LikenessGate {
  /**
   * Whose likeness is asked for, and whether they agreed. A failure is an `unable` signal.
   * @throws AppError `character_not_found` for an id that is none of the tenant's persons
   */
  ask(request: LikenessRequest): Promise<LikenessAnswer>;
  /**
   * Writes the uses with the clip that is being filed. The grants stay as they are until the transaction ends.
   * @throws LikenessChangedError when a grant ended since it was asked for: ask again
   */
  record(
    tx: Transaction,
    clip: { id: string; tenantId: string; makerId?: string | null },
    uses: readonly ClipUse[],
  ): Promise<void>;
}

/** A grant, a person or the register changed between a check and the transaction that relied on it: check again. */
export class LikenessChangedError extends AppError {
  constructor() {
    super(
      'conflict',
      'likeness_changed',
      'A person who is shown changed what they allow at the same moment. Send the request again.',
    );
  }
}
