import { useState } from 'react';
import { useNotify } from 'react-admin';
import { useQueryClient } from '@tanstack/react-query';
import { useWords } from '../i18n.js';
import { useFaultWords } from './fault.js';

/**
 * Runs a change, tells how it went, and reads again what it made old. Returns whether it went through.
 * @param keys first parts of the queries that it makes old
 */
export function useChange(...keys: string[]) {
  const { w } = useWords();
  const notify = useNotify();
  const words = useFaultWords();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const change = async (work: () => Promise<unknown>, done: string = w.done): Promise<boolean> => {
    setBusy(true);
    try {
      await work();
      await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
      notify(done, { type: 'success' });
      return true;
    } catch (e) {
      notify(words(e), { type: 'error', autoHideDuration: 8_000 });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, change };
}
