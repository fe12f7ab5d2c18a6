import type { AgeBand, Audience, Category, ClipState, Signal } from '#contracts';
import type { Clip, Transaction } from '#platform/database';

/** What somebody asks for, as far as it matters who asks. */
export interface AccessAsked {
  tenantId: string;
  /** The tenant's name for the person who asks. */
  maker: string | undefined;
  /** The clip that is to be changed, edited or extended. */
  parent: Clip | undefined;
  /** True when the request names a person's likeness. */
  cameo: boolean;
}

/** Who asks, and what the rules say of them. */
export interface Standing {
  asked: AccessAsked;
  /** Null when nobody is named. */
  makerId: string | null;
  band: AgeBand;
  /** Which set of the policy's thresholds counts. */
  audience: Audience;
  /** Categories that the policy or a guardian blocks for this maker. */
  blocked: readonly Category[];
}

/**
 * Who may ask for what, and how much: ages, access rules, guardians' limits. Every refusal is an AppError whose code says
 * which rule, with the time of reset where there is one. Filled by `#domain/guardianship`.
 */
export interface AccessRules {
  /** Before the words are read. Takes nothing. @throws AppError when the rules refuse */
  check(asked: AccessAsked): Promise<Standing>;
  /** When the request turns out to use a person's likeness. @throws AppError `cameo_not_allowed` */
  allowCameo(standing: Standing): Promise<void>;
  /** After the policy allowed or held the words. @throws AppError `category_blocked` */
  allowWords(standing: Standing, signals: readonly Signal[]): Promise<void>;
  /**
   * Inside the transaction that files the clip: everything once more, and the counters, one maker at a time.
   * @param seconds that are to be generated
   * @throws AppError
   */
  take(tx: Transaction, standing: Standing, seconds: number): Promise<void>;
  /** Tells of a refusal that `take` threw, once its transaction is undone. Any other error is left alone. */
  tell(standing: Standing, error: unknown): Promise<void>;
}

/** Hears of every new state of a clip, inside its transaction: whatever it throws undoes the move. `from` is null for a new clip. */
export type ClipWatcher = (tx: Transaction, clip: Clip, now: Date, from: ClipState | null) => Promise<void>;
