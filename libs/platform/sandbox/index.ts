export { SandboxError, type SandboxErrorCode } from './errors.js';
export { createSandbox } from './sandbox.js';
export { serveSandbox } from './serve.js';
export type { RunOptions, Sandbox, SandboxOptions, TaskContext, TaskHandler, TaskShape } from './types.js';
