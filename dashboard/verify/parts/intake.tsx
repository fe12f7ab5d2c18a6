import { useEffect, useRef, useState } from 'react';
import { limit } from '../../shared/format.js';
import { useWords } from '../language.js';
import type { Submission } from '../wire.js';
import { Notices } from './notices.js';

/** Files that are dropped or pasted anywhere on the page. Returns whether one hovers over it. */
function useDroppedFile(take: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const hover = (e: DragEvent) => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      setOver(true);
    };
    const out = (e: DragEvent) => e.relatedTarget === null && setOver(false);
    const drop = (e: DragEvent) => {
      setOver(false);
      const file = e.dataTransfer?.files[0];
      if (!file) return;
      e.preventDefault();
      latest.current(file);
    };
    const paste = (e: ClipboardEvent) => {
      const file = e.clipboardData?.files[0];
      if (file) latest.current(file);
    };
    const controller = new AbortController();
    const { signal } = controller;
    addEventListener('dragover', hover, { signal });
    addEventListener('dragleave', out, { signal });
    addEventListener('drop', drop, { signal });
    addEventListener('paste', paste, { signal });
    return () => controller.abort();
  }, []);
  return over;
}

function AddressForm({ examine }: { examine: (what: Submission) => void }) {
  const { words } = useWords();
  const [url, setUrl] = useState('');
  return (
    <form
      className="address"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        examine({ kind: 'address', url: url.trim() });
      }}
    >
      <label htmlFor="address">{words.intake.address}</label>
      <div className="line">
        <input
          id="address"
          type="url"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="https://"
          maxLength={2000}
          required
          aria-describedby="address-hint"
          value={url}
          onChange={(e) => setUrl(e.target.value)}
        />
        <button type="submit" className="second">
          {words.intake.examine}
        </button>
      </div>
      <p id="address-hint" className="hint">
        {words.intake.addressHint}
      </p>
    </form>
  );
}

/** Where a file or its address is handed in. */
export function Intake({ maxBytes, examine }: { maxBytes: number; examine: (what: Submission) => void }) {
  const { words, lang } = useWords();
  const { intake } = words;
  const take = (file: File | undefined) => file && examine({ kind: 'file', file });
  const over = useDroppedFile(take);
  return (
    <>
      <p className="lead">{words.lead}</p>
      <section className="intake" data-over={over}>
        <div className="drop">
          <label className="choose">
            <input
              type="file"
              accept="video/*,image/*"
              aria-label={intake.label}
              aria-describedby="file-hint"
              onChange={(e) => take(e.target.files?.[0])}
            />
            <span aria-hidden="true">{intake.choose}</span>
          </label>
          <p className="drop-hint">{over ? intake.dropNow : intake.drop}</p>
          {Number.isFinite(maxBytes) && (
            <p id="file-hint" className="hint">
              {intake.limit(limit(maxBytes, lang))}
            </p>
          )}
        </div>
        <p className="or" aria-hidden="true">
          {intake.or}
        </p>
        <AddressForm examine={examine} />
      </section>
      <Notices />
    </>
  );
}
