import { type TaskHandler, type TaskShape } from './types.js';

/** Serves tasks in a child process that `createSandbox` started. Call it once, at the end of the host module. */
export function serveSandbox<Tasks extends { [K in keyof Tasks]: TaskShape }>(_tasks: {
  [K in keyof Tasks]: TaskHandler<Tasks[K]>;
}): void {
  throw new Error('to be written');
}
