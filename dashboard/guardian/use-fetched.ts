import { useCallback, useEffect, useState } from 'react';
import { asFault, type Fault } from '../shared/fault.js';

/** Something that is fetched when a part appears, and again on demand. */
export function useFetched<T>(fetch: () => Promise<T>): {
  value: T | null;
  fault: Fault | null;
  busy: boolean;
  again: () => void;
} {
  const [state, setState] = useState<{ value: T | null; fault: Fault | null; busy: boolean }>({
    value: null,
    fault: null,
    busy: true,
  });
  const again = useCallback(() => {
    let current = true;
    setState((now) => ({ ...now, fault: null, busy: true }));
    fetch().then(
      (value) => current && setState({ value, fault: null, busy: false }),
      (e: unknown) => current && setState((now) => ({ ...now, fault: asFault(e), busy: false })),
    );
    return () => {
      current = false;
    };
  }, [fetch]);
  useEffect(again, [again]);
  return { ...state, again };
}
