import { AppError } from '#kernel';
import type { Locale } from '#contracts';
import type { Words } from './words/index.js';

/** What every command works with. */
export interface Context {
  lang: Locale;
  words: Words;
  env: Record<string, string | undefined>;
  /** Prints a line of result. */
  out: (line: string) => void;
  /** Prints a line about the work: not part of the result. */
  note: (line: string) => void;
}

/** Exit codes of the command line. */
export const EXIT = { done: 0, failure: 1, unable: 2 } as const;

/** Something that the person at the terminal can put right; the message is in their language. */
export class CliError extends AppError {
  constructor(code: string, message: string, cause?: unknown) {
    super('invalid', code, message, { cause });
  }
}
