import { useShared } from './reading.js';

/** How far something is, seen and heard. @param share 0 to 1; null where nobody knows */
export function Progress({ what, share }: { what: string; share: number | null }) {
  const { shared } = useShared();
  // A screen reader hears each quarter, not each step.
  const heard = share === null ? what : `${what}, ${shared.percent(Math.floor(share * 4) / 4)}`;
  return (
    <>
      <div className="line">
        <progress aria-label={what} max={1} {...(share !== null && { value: share })} />
        <span className="percent" aria-hidden="true">
          {share !== null && shared.percent(share)}
        </span>
      </div>
      <p role="status" className="unseen">
        {heard}
      </p>
    </>
  );
}
