import { AppError } from '#kernel';

/** Longest piece of a stranger's text that an error repeats. */
const SHOWN = 80;

/** Something cannot be read as a fingerprint. `details.data.line` names the line where there is one. */
export class FingerprintError extends AppError {
  constructor(
    code: 'hash_malformed' | 'hash_type_unknown' | 'hash_list_malformed' | 'sound_malformed',
    message: string,
    line?: number,
  ) {
    super('invalid', code, message, { param: 'hashes', ...(line !== undefined && { data: { line } }) });
  }
}

/** Stored bytes of a fingerprint cannot be read. */
export class PrintDamagedError extends AppError {
  constructor(track: string, why: string) {
    super(
      'internal',
      'print_damaged',
      `A stored ${track} fingerprint cannot be read: ${why}. Take it anew from the released file.`,
    );
  }
}

/** The refusal of a text that is no hash of its kind. */
export function malformed(text: string, digits: number): FingerprintError {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
  return new FingerprintError('hash_malformed', `"${shown}" is not a hash of ${digits} hex digits.`);
}

/** The index is full; nothing was added. */
export class IndexFullError extends AppError {
  constructor(capacity: number) {
    super('unavailable', 'hash_index_full', `The index of hashes holds at most ${capacity} hashes.`);
  }
}
