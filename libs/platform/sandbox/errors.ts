import { AppError, type ErrorKind } from '#kernel';

const KINDS = {
  sandbox_crashed: 'internal',
  sandbox_timeout: 'unavailable',
  sandbox_memory: 'unavailable',
  sandbox_aborted: 'unavailable',
  sandbox_closed: 'unavailable',
} as const satisfies Record<string, ErrorKind>;

/** Why a sandboxed task gave no result. */
export type SandboxErrorCode = keyof typeof KINDS;

/** The child process, not the task's own code, ended the task. */
export class SandboxError extends AppError {
  constructor(
    override readonly code: SandboxErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(KINDS[code], code, message, cause === undefined ? {} : { cause });
  }
}
