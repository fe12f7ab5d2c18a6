import { useEffect, useRef } from 'react';

/** Somebody types there, or the key belongs to what has the focus. */
function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Enter and space press a button or open a link that has the focus. */
function pressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('button, a[href], summary, [role=button], [role=dialog]') !== null
  );
}

/** What keys do on the page of a case. */
export interface KeyHandlers {
  /** Letters, digits, Enter, Escape, arrows; true when the key meant something. */
  onKey: (key: string) => boolean;
  /** The space bar goes down and up. */
  onHold: (on: boolean) => void;
  letters: boolean;
}

/** Listens to keys anywhere on the page. What is typed into a field, and what is pressed with Ctrl, Alt or Meta, is left alone. */
export function useKeys(handlers: KeyHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const { onKey, onHold, letters } = latest.current;
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (typing(event.target)) {
        if (event.key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      if (document.querySelector('[role=dialog]')) return;
      if (event.key === ' ') {
        if (pressable(event.target)) return;
        event.preventDefault(); // the page would scroll
        if (!event.repeat) onHold(true);
        return;
      }
      if (event.repeat || (event.key === 'Enter' && pressable(event.target))) return;
      if (!letters && event.key.length === 1) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (onKey(key)) event.preventDefault();
    };
    const up = (event: KeyboardEvent) => {
      if (event.key === ' ') latest.current.onHold(false);
    };
    const away = () => latest.current.onHold(false);
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', away);
    document.addEventListener('visibilitychange', away);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', away);
      document.removeEventListener('visibilitychange', away);
    };
  }, []);
}
