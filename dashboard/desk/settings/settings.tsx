import { Box, Checkbox, FormControlLabel, Typography } from '@mui/material';
import { useTheme as useThemeChoice } from 'react-admin';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useWellness, type Wellness } from '../wellness.js';
import { AccessPanel } from './access.js';
import { SessionsPanel } from './sessions.js';

function LookingPanel() {
  const { w } = useWords();
  const [wellness, setWellness] = useWellness();
  const set = (some: Partial<Wellness>) => setWellness({ ...wellness, ...some });
  return (
    <Panel title={w.settings.looking}>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
        {w.settings.lookingHelp}
      </Typography>
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1, alignItems: 'flex-start' }}>
        <FormControlLabel
          control={<Checkbox checked={wellness.grey} onChange={(_, grey) => set({ grey })} />}
          label={w.settings.grey}
        />
        <FormControlLabel
          control={<Checkbox checked={wellness.mute} onChange={(_, mute) => set({ mute })} />}
          label={w.settings.mute}
        />
        <Choice
          label={w.settings.blur}
          value={String(wellness.blur) as '0' | '1' | '2'}
          names={w.settings.blurs}
          onChange={(blur) => set({ blur: Number(blur) as Wellness['blur'] })}
        />
        <FormControlLabel
          control={<Checkbox checked={wellness.keys} onChange={(_, keys) => set({ keys })} />}
          label={w.settings.keys}
        />
      </Box>
    </Panel>
  );
}

function ThemePanel() {
  const { w } = useWords();
  const [theme, setTheme] = useThemeChoice();
  return (
    <Panel title={w.settings.theme}>
      <Box sx={{ mt: 1.5 }}>
        <Choice
          label={w.settings.theme}
          value={theme ?? 'light'}
          names={w.settings.themes}
          onChange={(next) => setTheme(next)}
        />
      </Box>
    </Panel>
  );
}

/** One's own settings: how pictures are shown, how one signs in, where one is signed in. */
export function Settings() {
  const { w } = useWords();
  return (
    <Page title={w.settings.title}>
      <Box sx={{ display: 'grid', gridTemplateColumns: { md: '1fr 1fr' }, columnGap: 1.5, alignItems: 'start' }}>
        <Box>
          <LookingPanel />
          <ThemePanel />
        </Box>
        <Box>
          <AccessPanel />
          <SessionsPanel />
        </Box>
      </Box>
    </Page>
  );
}
