import FlagIcon from '@mui/icons-material/Flag';
import { Box, ButtonBase, Typography } from '@mui/material';
import type { Still } from '#contracts';
import { clock } from '../../shared/format.js';
import { useWords } from '../i18n.js';
import { filterOf, type Wellness } from '../wellness.js';
import { blurredUrl } from './ahead.js';
import type { Shown } from './shown.js';

/** Which keys jump to this still. */
function keysOf({ flagged, stills }: Shown, still: Still): number[] {
  return flagged.flatMap(({ still: named, at_s: at }, i) =>
    named === still.id || (!named && stillAt(stills, at)?.id === still.id) ? [i + 1] : [],
  );
}

/** The still nearest to a second. */
export function stillAt(stills: readonly Still[], second: number): Still | null {
  return stills.toSorted((a, b) => Math.abs(a.atS - second) - Math.abs(b.atS - second))[0] ?? null;
}

const TAG = { position: 'absolute', px: 0.5, borderRadius: 0.5 } as const;

/** One still, with its second and the keys that lead to it. */
function Thumb({
  view,
  still,
  chosen,
  wellness,
  onChoose,
}: {
  view: Shown;
  still: Still;
  chosen: boolean;
  wellness: Wellness;
  onChoose: () => void;
}) {
  const { w, lang } = useWords();
  const keys = keysOf(view, still);
  const second = clock(still.atS, lang, true);
  return (
    <ButtonBase
      onClick={onChoose}
      aria-pressed={chosen}
      aria-label={w.review.still(second, keys)}
      sx={{
        ...{ position: 'relative', borderRadius: 1, overflow: 'hidden', height: 84, bgcolor: 'action.hover' },
        ...{ aspectRatio: `${still.width} / ${still.height}`, border: 2 },
        borderColor: chosen ? 'primary.main' : 'divider',
      }}
    >
      <Box
        component="img"
        src={blurredUrl(view, still.id)}
        alt=""
        sx={{ width: '100%', height: '100%', objectFit: 'cover' }}
        style={{ filter: filterOf({ ...wellness, blur: wellness.blur === 2 ? 2 : 0 }, false) }}
      />
      <Typography
        component="span"
        variant="caption"
        sx={{ ...TAG, left: 3, bottom: 3, bgcolor: '#000c', color: '#fff' }}
      >
        {second}
      </Typography>
      {keys.length > 0 && (
        <Typography
          component="span"
          variant="caption"
          sx={{
            ...{ ...TAG, right: 3, top: 3, fontWeight: 700, bgcolor: '#fff', color: '#8c1d18' },
            ...{ display: 'flex', alignItems: 'center', gap: 0.25 },
          }}
        >
          <FlagIcon sx={{ fontSize: 13 }} />
          {keys.join(' ')}
        </Typography>
      )}
    </ButtonBase>
  );
}

/** All stills of the clip, grey, blurred and small. */
export function Storyboard({
  view,
  current,
  wellness,
  onChoose,
}: {
  view: Shown;
  current: string | null;
  wellness: Wellness;
  onChoose: (still: Still) => void;
}) {
  const { w } = useWords();
  if (!view.stills.length) return null;
  return (
    <Box role="group" aria-label={w.review.storyboard} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
      {view.stills.map((still) => (
        <Thumb
          key={still.id}
          {...{ view, still, wellness }}
          chosen={still.id === current}
          onChoose={() => onChoose(still)}
        />
      ))}
    </Box>
  );
}
