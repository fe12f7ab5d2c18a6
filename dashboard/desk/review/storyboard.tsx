import FlagIcon from '@mui/icons-material/Flag';
import { Box, ButtonBase, Typography } from '@mui/material';
import type { CaseView, Still } from '#contracts';
import { clock } from '../../shared/format.js';
import { useWords } from '../i18n.js';
import { filterOf, type Wellness } from '../wellness.js';

/** Address of a still. */
export const stillUrl = (caseId: string, still: string, view: 'blurred' | 'clear') =>
  `/v1/desk/cases/${caseId}/stills/${still}/${view}`;

/** Which keys jump to this still. */
function keysOf({ flagged, stills }: CaseView, still: Still): number[] {
  return flagged.flatMap(({ still: named, at_s: at }, i) =>
    named === still.id || (!named && stillAt(stills, at)?.id === still.id) ? [i + 1] : [],
  );
}

/** The still nearest to a second. */
export function stillAt(stills: readonly Still[], second: number): Still | null {
  return stills.toSorted((a, b) => Math.abs(a.atS - second) - Math.abs(b.atS - second))[0] ?? null;
}

/** All stills of the clip, grey, blurred and small. */
export function Storyboard({
  view,
  current,
  wellness,
  onChoose,
}: {
  view: CaseView;
  current: string | null;
  wellness: Wellness;
  onChoose: (still: Still) => void;
}) {
  const { w, lang } = useWords();
  if (!view.stills.length) return null;
  return (
    <Box role="group" aria-label={w.review.storyboard} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
      {view.stills.map((still) => {
        const keys = keysOf(view, still);
        const flagged = keys.length > 0;
        return (
          <ButtonBase
            key={still.id}
            onClick={() => onChoose(still)}
            aria-pressed={still.id === current}
            aria-label={w.review.still(clock(still.atS, lang, true), keys)}
            sx={{
              position: 'relative',
              borderRadius: 1,
              overflow: 'hidden',
              aspectRatio: `${still.width} / ${still.height}`,
              height: 84,
              bgcolor: 'action.hover',
              border: 2,
              borderColor: still.id === current ? 'primary.main' : 'divider',
            }}
          >
            <Box
              component="img"
              src={stillUrl(view.id, still.id, 'blurred')}
              alt=""
              sx={{ width: '100%', height: '100%', objectFit: 'cover' }}
              style={{ filter: filterOf({ ...wellness, blur: wellness.blur === 2 ? 2 : 0 }, false) }}
            />
            <Typography
              component="span"
              variant="caption"
              sx={{
                position: 'absolute',
                left: 3,
                bottom: 3,
                px: 0.5,
                borderRadius: 0.5,
                bgcolor: '#000c',
                color: '#fff',
              }}
            >
              {clock(still.atS, lang, true)}
            </Typography>
            {flagged && (
              <Typography
                component="span"
                variant="caption"
                sx={{
                  ...{ position: 'absolute', right: 3, top: 3, px: 0.5, borderRadius: 0.5, fontWeight: 700 },
                  ...{ display: 'flex', alignItems: 'center', gap: 0.25, bgcolor: '#fff', color: '#8c1d18' },
                }}
              >
                <FlagIcon sx={{ fontSize: 13 }} />
                {keys.join(' ')}
              </Typography>
            )}
          </ButtonBase>
        );
      })}
    </Box>
  );
}
