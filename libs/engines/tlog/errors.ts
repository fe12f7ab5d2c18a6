import { AppError } from '#kernel';

/** What is wrong with a piece of a transparency log. */
export type TlogErrorCode =
  /** A size, index, width or hash that cannot be one. */
  | 'tlog_argument_invalid'
  /** A leaf is not shown to be in the tree. */
  | 'tlog_inclusion_invalid'
  /** A tree is not shown to be the beginning of another. */
  | 'tlog_consistency_invalid'
  /** A stored tile has not the length that the tree asks for. */
  | 'tlog_tile_invalid'
  /** Bytes that are no bundle of entries, or entries that fit in none. */
  | 'tlog_entries_invalid'
  /** A key that cannot sign or check notes. */
  | 'tlog_key_invalid'
  /** A text that is no signed note. */
  | 'tlog_note_invalid'
  /** A known key's signature does not fit the note. */
  | 'tlog_signature_invalid'
  /** No known key, or not the log's own, signed the note. */
  | 'tlog_note_unverified'
  /** A note's text that is no checkpoint, or one of another log. */
  | 'tlog_checkpoint_invalid'
  /** A text that is no tlog-proof. */
  | 'tlog_proof_invalid'
  /** A policy of witnesses that cannot be followed. */
  | 'tlog_policy_invalid';

/** A fault in a transparency log, its proofs or its notes; nothing that raised one may be relied on. */
export class TlogError extends AppError {
  declare readonly code: TlogErrorCode;

  constructor(code: TlogErrorCode, message: string, cause?: unknown) {
    super(code === 'tlog_tile_invalid' ? 'internal' : 'invalid', code, message, { cause });
  }
}
