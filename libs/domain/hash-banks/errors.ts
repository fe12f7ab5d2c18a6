import { AppError } from '#kernel';

/** A bank or an entry does not exist, or may not be changed like this. */
export class HashBankError extends AppError {}

/** Nothing can be said of matches right now. Report the detector as `unable`. */
export class BanksUnavailableError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', 'hash_banks_unavailable', message, { retryAfterS: 5, cause });
  }
}

/** There is no such bank for this tenant. */
export function bankNotFound(id: string): HashBankError {
  return new HashBankError('not_found', 'hash_bank_not_found', `There is no hash bank ${id.slice(0, 80)}.`);
}
