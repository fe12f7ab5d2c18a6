import { Box, Button, Divider, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import type { RecoveryCodes } from '#contracts';
import { useWords } from '../i18n.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { useSession } from '../session.js';
import { RecoveryCodesStep } from '../signin/steps.js';
import { post } from '../wire.js';

function PasswordForm() {
  const { w } = useWords();
  const { busy, change } = useChange('sessions');
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');
  const save = async () => {
    if (!(await change(() => post('/v1/staff/password', { password, new_password: next }), w.settings.passwordChanged)))
      return;
    setPassword('');
    setNext('');
  };
  return (
    <Box
      component="form"
      sx={{ display: 'flex', flexDirection: 'column', gap: 1.5, mb: 2 }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label={w.settings.oldPassword}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
        required
      />
      <TextField
        label={w.signIn.newPassword}
        helperText={w.signIn.passwordHelp}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={({ target }) => setNext(target.value)}
        required
      />
      <Button
        type="submit"
        variant="outlined"
        disabled={busy || !password || next.length < 12}
        sx={{ alignSelf: 'flex-start' }}
      >
        {w.settings.changePassword}
      </Button>
    </Box>
  );
}

function Codes() {
  const { w } = useWords();
  const { session } = useSession();
  const { busy, change } = useChange();
  const [password, setPassword] = useState('');
  const [codes, setCodes] = useState<string[] | null>(null);
  const renew = () =>
    change(async () => {
      setCodes((await post<RecoveryCodes>('/v1/staff/recovery_codes', { password })).codes);
      setPassword('');
    });
  if (codes) return <RecoveryCodesStep codes={codes} onDone={() => setCodes(null)} />;
  return (
    <Box
      component="form"
      sx={{ display: 'flex', flexDirection: 'column', gap: 1.5, mt: 2 }}
      onSubmit={(event) => {
        event.preventDefault();
        void renew();
      }}
    >
      <Typography variant="body2">{w.settings.codesLeft(session?.recovery_codes_left ?? 0)}</Typography>
      <TextField
        label={w.signIn.password}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
        required
      />
      <Button type="submit" variant="outlined" disabled={busy || !password} sx={{ alignSelf: 'flex-start' }}>
        {w.settings.renewCodes}
      </Button>
    </Box>
  );
}

/** Password and recovery codes. */
export function AccessPanel() {
  const { w } = useWords();
  return (
    <Panel title={w.settings.access}>
      <PasswordForm />
      <Divider />
      <Codes />
    </Panel>
  );
}
