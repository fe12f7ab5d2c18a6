import { useCallback, useEffect, useState } from 'react';

/** What may stand in a fragment as a secret. */
const SECRET = /^#([\w-]{16,200})$/;

function kept(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a secret until the tab is closed; null forgets it. A browser that keeps nothing asks for the link again. */
export function keepSecret(page: string, secret: string | null): void {
  try {
    if (secret === null) sessionStorage.removeItem(page);
    else sessionStorage.setItem(page, secret);
  } catch {
    // The state of the page still has it.
  }
}

/** Takes the secret out of the address, so that it stays in no history and is on no screen. */
function taken(page: string): string | null {
  const secret = SECRET.exec(location.hash)?.[1];
  if (!secret) return kept(page);
  history.replaceState(null, '', location.pathname + location.search);
  keepSecret(page, secret);
  return secret;
}

/**
 * The secret that the address brought in its fragment, which browsers send to nobody; after that the one kept for this
 * tab.
 * @param page key under which it is kept
 */
export function useSecret(page: string): [string | null, (secret: string | null) => void] {
  const [secret, setSecret] = useState(() => taken(page));
  useEffect(() => {
    const open = () => location.hash && setSecret(taken(page));
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [page]);
  const change = useCallback(
    (next: string | null) => {
      keepSecret(page, next);
      setSecret(next);
    },
    [page],
  );
  return [secret, change];
}
