import { useEffect, useId, useRef, type ReactNode } from 'react';

/** Asks before something that cannot be undone. Escape and the second button change nothing. */
export function Confirm(props: {
  title: string;
  children: ReactNode;
  yes: string;
  no: string;
  busy: boolean;
  onYes: () => void;
  onNo: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        if (!props.busy) props.onNo();
      }}
    >
      <h2 id={id}>{props.title}</h2>
      {props.children}
      <div className="buttons">
        <button type="button" className="danger" disabled={props.busy} onClick={props.onYes}>
          {props.yes}
        </button>
        <button type="button" className="second" disabled={props.busy} onClick={props.onNo}>
          {props.no}
        </button>
      </div>
    </dialog>
  );
}
