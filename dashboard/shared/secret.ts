import { useCallback, useEffect, useState } from 'react';

/** What may stand in a fragment as a secret. */
const SECRET = /^#([\w-]{16,200})$/;

function kept(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Keeps a secret; null forgets it. A browser that keeps nothing asks for the link again.
 * @param lasting beyond the life of the tab, where the reader asked for that
 */
function keep(page: string, secret: string | null, lasting: boolean): void {
  try {
    sessionStorage.removeItem(page);
    localStorage.removeItem(page);
    if (secret !== null) (lasting ? localStorage : sessionStorage).setItem(page, secret);
  } catch {
    // The state of the page still has it.
  }
}

/** Takes the secret out of the address, so that it stays in no history and is on no screen. */
function taken(page: string): string | null {
  const secret = SECRET.exec(location.hash)?.[1];
  if (!secret) return kept(page);
  history.replaceState(null, '', location.pathname + location.search);
  keep(page, secret, false);
  return secret;
}

/**
 * The secret that the address brought in its fragment, which browsers send to nobody; after that the one kept for this
 * tab.
 * @param page key under which it is kept
 * @param fromAddress false where only a kept one counts
 */
export function useSecret(
  page: string,
  fromAddress = true,
): [string | null, (secret: string | null, lasting?: boolean) => void] {
  const [secret, setSecret] = useState(() => (fromAddress ? taken(page) : kept(page)));
  useEffect(() => {
    if (!fromAddress) return;
    const open = () => location.hash && setSecret(taken(page));
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [page, fromAddress]);
  const change = useCallback(
    (next: string | null, lasting = false) => {
      keep(page, next, lasting);
      setSecret(next);
    },
    [page],
  );
  return [secret, change];
}
