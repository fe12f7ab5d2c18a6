import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs `fn` so that {@link correlationId} gives `id` in it and in all that it awaits or starts. */
export function withCorrelation<T>(id: string, fn: () => T): T {
  return storage.run(id, fn);
}

/** Id of the request or job that is being served, undefined outside of one. */
export function correlationId(): string | undefined {
  return storage.getStore();
}
