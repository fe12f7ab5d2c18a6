import { Alert, Button, TextField, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-admin';
import type { StaffSessionView, StaffTicket } from '#contracts';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { DeskError, post } from '../wire.js';
import { SignInFrame } from './frame.js';
import { CodeStep, Fields, RecoveryCodesStep, useSending } from './steps.js';

const SHORTEST = 12;

function Choose({ token, onTicket }: { token: string; onTicket: (ticket: StaffTicket) => void }) {
  const { w } = useWords();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && again !== password;
  const { busy, error, onSubmit } = useSending(async () => {
    if (again !== password) throw new DeskError(400, 'passwords_differ', 'The two differ.');
    onTicket(await post<StaffTicket>('/v1/staff/accept', { token, password }));
  });
  return (
    <Fields onSubmit={onSubmit}>
      <Typography>{w.signIn.welcome}</Typography>
      <TextField
        label={w.signIn.newPassword}
        helperText={w.signIn.passwordHelp}
        type="password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
        autoComplete="new-password"
        autoFocus
        required
      />
      <TextField
        label={w.signIn.again}
        type="password"
        error={differs}
        helperText={differs ? w.signIn.differ : ' '}
        value={again}
        onChange={({ target }) => setAgain(target.value)}
        autoComplete="new-password"
        required
      />
      <Fault error={error} />
      <Button type="submit" variant="contained" disabled={busy || password.length < SHORTEST}>
        {w.signIn.next}
      </Button>
    </Fields>
  );
}

/** Takes up an invitation. The secret stood in the fragment, which browsers send to nobody; it leaves the address at once. */
export function Accept() {
  const { w } = useWords();
  const { search } = useLocation();
  const [token] = useState(() => new URLSearchParams(search).get('token'));
  const [ticket, setTicket] = useState<StaffTicket | null>(null);
  const [session, setSession] = useState<StaffSessionView | null>(null);
  useEffect(() => {
    document.title = `${w.signIn.accept} – Imprimatur`;
    history.replaceState(history.state, '', '#/invitation');
  }, [w]);
  // Pages that need nobody signed in are mounted apart from the others: the page begins anew, with the session's cookie.
  const enter = () => {
    location.hash = '#/';
    location.reload();
  };
  const step = () => {
    if (session?.recovery_codes) return <RecoveryCodesStep codes={session.recovery_codes} onDone={enter} />;
    if (ticket)
      return (
        <CodeStep
          ticket={ticket}
          onSession={(opened) => (opened.recovery_codes ? setSession(opened) : enter())}
          onOver={() => setTicket(null)}
        />
      );
    if (token) return <Choose token={token} onTicket={setTicket} />;
    return <Alert severity="error">{w.signIn.noToken}</Alert>;
  };
  return <SignInFrame title={session ? w.signIn.codes : w.signIn.accept}>{step()}</SignInFrame>;
}
