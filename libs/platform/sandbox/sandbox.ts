import { type Sandbox, type SandboxOptions, type TaskShape } from './types.js';

/** A pool of child processes. Children start when there is work and exit with the parent. */
export function createSandbox<Tasks extends { [K in keyof Tasks]: TaskShape }>(
  _options: SandboxOptions,
): Sandbox<Tasks> {
  throw new Error('to be written');
}
