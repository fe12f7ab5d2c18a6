import { type CredentialsPool, type CredentialsPoolOptions } from './types.js';

/** Opens a pool of worker threads that sign and read content credentials; threads start with the first job. */
export function createCredentialsPool(_options: CredentialsPoolOptions): CredentialsPool {
  throw new Error('not written yet');
}
