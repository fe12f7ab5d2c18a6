import type { Move } from '#domain/gate';
import type { Inspected } from '#domain/examination';
import type { Signal } from '#contracts';
import type { Clip, Transaction } from '#platform/database';

/** Asked before each step's work: what was allowed when a clip was asked for may have ended since. */
export interface StepGuard {
  /** Null to go on, or the move that stops the clip. @throws when it cannot tell: the step is tried again, never done */
  before(clip: Clip): Promise<Move | null>;
  /**
   * The last look, inside the transaction that writes the release. What it read cannot change before that ends.
   * @throws LikenessChangedError when `before` has to be asked again
   */
  releasing(tx: Transaction, clip: Clip): Promise<void>;
}

/** What the faces of a finished clip say about consent. */
export interface FacesJudged {
  /** `likeness.face`: one measured finding always, unless the check failed; `unable` for faces that nobody can tell. */
  signals: Signal[];
  /** Writes that belong to the move that follows: persons seen, faces kept until the release. */
  within?: (tx: Transaction) => Promise<void>;
}

/** Compares the faces of a finished clip with everybody in the register. */
export interface FacesCheck {
  judge(clip: Clip, inspected: Pick<Inspected, 'signals' | 'templates' | 'inspection'>): Promise<FacesJudged>;
}

/** Portraits of the persons that a clip uses, in files until released. */
export interface OpenPortraits {
  characters: { name: string; portraitPath: string }[];
  release(): Promise<void>;
}

/** Opens what an engine needs to draw the persons of a clip. */
export interface Portraits {
  open(clip: Clip): Promise<OpenPortraits>;
}
