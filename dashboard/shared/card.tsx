import { useEffect, useId, useRef, type ReactNode } from 'react';

/** A part of a page with a heading. @param focus whether the heading is read out when it appears */
export function Card({
  title,
  children,
  focus = false,
  kind = '',
}: {
  title: ReactNode;
  children: ReactNode;
  focus?: boolean;
  kind?: string;
}) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <section className={`card ${kind}`} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
    </section>
  );
}
