import { useState } from 'react';
import { useShared } from './reading.js';

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { shared } = useShared();
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  const copy = async () => {
    // There is no clipboard on a page that was not loaded over https.
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(done ? 'copied' : 'failed');
  };
  return (
    <>
      <button type="button" className="small second" onClick={() => void copy()}>
        {label ?? shared.copy}
      </button>
      <span role="status" className="said">
        {outcome === 'copied' && shared.copied}
        {outcome === 'failed' && shared.copyFailed}
      </span>
    </>
  );
}
