import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { Still } from '#contracts';
import type { Wellness } from '../wellness.js';
import type { Shown } from './shown.js';
import { stillAt } from './storyboard.js';
import { Watch } from './watch.js';

/** What is looked at, and how. */
export interface Looking {
  still: Still | null;
  /** The reader asks for the clear picture, for as long as a key or button is held. */
  clear: boolean;
  film: boolean;
}

/** Where the reader looks, and the count of what was seen in the clear. */
export interface LookControls {
  looking: Looking;
  second: number;
  playing: boolean;
  /** The reader jumped: worth saying. */
  said: boolean;
  watch: Watch;
  video: RefObject<HTMLVideoElement | null>;
  hold: (on: boolean) => void;
  play: () => void;
  seek: (second: number) => void;
  jump: (nth: number) => void;
  step: (by: number) => void;
  setSecond: (second: number) => void;
  setPlaying: (playing: boolean) => void;
}

/** Opens at the decisive second, still and blurred. */
export function useLooking(view: Shown, wellness: Wellness): LookControls {
  const first = view.flagged[0]?.at_s ?? view.stills[0]?.atS ?? 0;
  const [second, setSecond] = useState(first);
  const [clear, setClear] = useState(false);
  const [film, setFilm] = useState(false);
  const [playing, setPlaying] = useState(false);
  const [said, setSaid] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const [watch] = useState(() => new Watch(() => performance.now()));
  const pictures = view.may.watch && (view.stills.length > 0 || view.clip.has_video);
  const open = clear || wellness.blur === 0;

  useEffect(() => {
    const count = () => watch.clear(open && pictures && document.visibilityState === 'visible');
    count();
    document.addEventListener('visibilitychange', count);
    return () => {
      document.removeEventListener('visibilitychange', count);
      watch.clear(false);
    };
  }, [open, pictures, watch]);

  const hold = useCallback((on: boolean) => setClear(on && pictures), [pictures]);
  const seek = (to: number) => {
    video.current?.pause();
    // Until it is played the film is not fetched, and has no place to go to.
    if (video.current?.readyState) video.current.currentTime = to;
    setFilm(false);
    setSecond(to);
    setSaid(true);
  };
  const play = () => {
    const player = video.current;
    if (!player) return;
    if (!player.paused) return player.pause();
    if (!film && Math.abs(player.currentTime - second) > 0.1) player.currentTime = second;
    setFilm(true);
    void player.play().catch(() => undefined);
  };
  const jump = (nth: number) => {
    const moment = view.flagged[nth];
    if (moment) seek(moment.at_s);
  };
  const still = stillAt(view.stills, second);
  const step = (by: number) => {
    const next = view.stills[view.stills.findIndex(({ id }) => id === still?.id) + by];
    if (next) seek(next.atS);
  };
  return {
    looking: { still, clear, film },
    second,
    playing,
    said,
    watch,
    video,
    hold,
    play,
    seek,
    jump,
    step,
    setSecond,
    setPlaying,
  };
}
