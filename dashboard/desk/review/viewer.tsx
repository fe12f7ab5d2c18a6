import PauseIcon from '@mui/icons-material/Pause';
import SlowMotionVideoIcon from '@mui/icons-material/SlowMotionVideo';
import VisibilityIcon from '@mui/icons-material/Visibility';
import { Box, Button, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { Foreign } from '../../shared/foreign.js';
import { clock } from '../../shared/format.js';
import { useWords } from '../i18n.js';
import { filterOf, type Wellness } from '../wellness.js';
import { blurredUrl } from './ahead.js';
import { filmUrl, stillUrl, type Shown } from './shown.js';
import type { LookControls } from './use-looking.js';

/** Half the speed of the clip. */
const SLOW = 0.5;

/** So that the storyboard stays in sight. */
const HIGHEST = '36vh';

const FILL = { position: 'absolute', inset: 0, width: '100%', height: '100%', objectFit: 'contain' } as const;

/** The clear picture of a still: fetched when it is asked for the first time, and not again. */
function ClearStill({ view, still, shown }: { view: Shown; still: string; shown: boolean }) {
  const [asked, setAsked] = useState(false);
  if (shown && !asked) setAsked(true);
  if (!asked) return null;
  const style = { ...FILL, display: shown ? 'block' : 'none' } as const;
  return <img src={stillUrl(view, still, 'clear')} alt="" style={style} data-clear={shown} />;
}

/** The film, muted and slow; it never starts by itself. */
function Film({ view, look, filter, mute }: { view: Shown; look: LookControls; filter: string; mute: boolean }) {
  const { video, watch } = look;
  useEffect(() => {
    if (video.current) video.current.muted = mute;
  }, [video, mute]);
  return (
    <video
      ref={video}
      src={filmUrl(view)}
      preload="none"
      playsInline
      muted={mute}
      tabIndex={-1}
      style={{ ...FILL, filter, display: look.looking.film ? 'block' : 'none' }}
      onPlay={({ currentTarget }) => {
        currentTarget.playbackRate = SLOW;
        look.setPlaying(true);
      }}
      onPause={() => {
        watch.stop();
        look.setPlaying(false);
      }}
      onTimeUpdate={({ currentTarget }) => {
        if (!currentTarget.paused) watch.at(currentTarget.currentTime);
        look.setSecond(currentTarget.currentTime);
      }}
    />
  );
}

/** A case about words alone. */
function OnlyWords({ view }: { view: Pick<Shown, 'effective_prompt'> }) {
  const { w } = useWords();
  return (
    <Box sx={{ p: 2, border: 1, borderColor: 'divider', borderRadius: 1 }}>
      <Typography variant="body2" color="textSecondary">
        {w.review.onlyWords}
      </Typography>
      <Typography sx={{ mt: 1, fontSize: '1.15rem', maxWidth: '60ch', overflowWrap: 'anywhere' }}>
        <Foreign text={view.effective_prompt} max={4000} />
      </Typography>
    </Box>
  );
}

interface ControlsProps {
  clear: boolean;
  playing: boolean;
  film: boolean;
  onHold: (on: boolean) => void;
  onPlay: () => void;
}

/** What the keys do, for pointers and for those who tab. */
function Controls({ clear, playing, film, onHold, onPlay }: ControlsProps) {
  const { w } = useWords();
  const held = [' ', 'Enter'];
  return (
    <Box sx={{ display: 'flex', gap: 1, mt: 0.75, flexWrap: 'wrap' }}>
      <Button
        variant="outlined"
        size="small"
        startIcon={<VisibilityIcon />}
        aria-pressed={clear}
        onPointerDown={() => onHold(true)}
        onPointerUp={() => onHold(false)}
        onPointerLeave={() => onHold(false)}
        onKeyDown={({ key, repeat }) => held.includes(key) && !repeat && onHold(true)}
        onKeyUp={({ key }) => held.includes(key) && onHold(false)}
        onBlur={() => onHold(false)}
      >
        {w.review.hold}
      </Button>
      {film && (
        <Button
          variant="outlined"
          size="small"
          onClick={onPlay}
          startIcon={playing ? <PauseIcon /> : <SlowMotionVideoIcon />}
        >
          {playing ? w.review.pause : w.review.play}{' '}
          <Box component="kbd" sx={{ ml: 1, opacity: 0.8 }}>
            p
          </Box>
        </Button>
      )}
    </Box>
  );
}

/** The picture at hand: a still, or the film once it was asked for; blurred and grey until the reader holds a key. */
export function Viewer({ view, look, wellness }: { view: Shown; look: LookControls; wellness: Wellness }) {
  const { w, lang } = useWords();
  const { still, clear, film } = look.looking;
  const open = clear || wellness.blur === 0;
  const [width, height] = view.clip.size.split('x').map(Number);
  const shape = width && height ? width / height : 16 / 9;
  const playable = view.clip.has_video && view.may.watch;
  if (!view.stills.length && !view.clip.has_video) return <OnlyWords view={view} />;
  return (
    <Box>
      <Box
        role="img"
        aria-label={w.review.picture(still ? clock(still.atS, lang, true) : '', open)}
        sx={{
          ...{ position: 'relative', overflow: 'hidden', borderRadius: 1, bgcolor: '#000' },
          ...{ aspectRatio: shape, width: `calc(${HIGHEST} * ${shape})`, maxWidth: '100%' },
        }}
      >
        {still && !film && view.may.watch && (
          <>
            <img src={blurredUrl(view, still.id)} alt="" style={{ ...FILL, filter: filterOf(wellness, false) }} />
            <ClearStill key={still.id} view={view} still={still.id} shown={open} />
          </>
        )}
        {playable && (
          <Film
            {...{ view, look }}
            mute={wellness.mute}
            filter={filterOf(open ? { ...wellness, blur: 0, grey: wellness.grey && !clear } : wellness, true)}
          />
        )}
      </Box>
      {view.may.watch && (
        <Controls {...{ clear, film: playable }} playing={look.playing} onHold={look.hold} onPlay={look.play} />
      )}
    </Box>
  );
}
