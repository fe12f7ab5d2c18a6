import { Alert, Button, Divider, TextField } from '@mui/material';
import { useEffect, useState } from 'react';
import { useLocation, useLogin } from 'react-admin';
import { useQuery } from '@tanstack/react-query';
import type { StaffSessionView, StaffSignInOptions, StaffTicket } from '#contracts';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { get, post } from '../wire.js';
import { SignInFrame } from './frame.js';
import { CodeStep, Fields, RecoveryCodesStep, useSending } from './steps.js';

function PasswordStep({ onTicket }: { onTicket: (ticket: StaffTicket) => void }) {
  const { w } = useWords();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { data: options } = useQuery({
    queryKey: ['sign_in_options'],
    queryFn: () => get<StaffSignInOptions>('/v1/staff/sign_in_options'),
  });
  const { busy, error, onSubmit } = useSending(async () =>
    onTicket(await post<StaffTicket>('/v1/staff/sign-in', { email, password })),
  );
  return (
    <Fields onSubmit={onSubmit}>
      <TextField
        label={w.signIn.email}
        type="email"
        value={email}
        onChange={({ target }) => setEmail(target.value)}
        autoComplete="username"
        autoFocus
        required
      />
      <TextField
        label={w.signIn.password}
        type="password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
        autoComplete="current-password"
        required
      />
      <Fault error={error} />
      <Button type="submit" variant="contained" disabled={busy}>
        {w.signIn.next}
      </Button>
      {options?.oidc && (
        <>
          <Divider>{w.signIn.or}</Divider>
          <Button variant="outlined" href="/v1/staff/oidc/start">
            {w.signIn.company}
          </Button>
        </>
      )}
    </Fields>
  );
}

/** Password, then code; or the company's account. */
export function SignIn() {
  const { w } = useWords();
  const login = useLogin();
  const { search } = useLocation();
  const [ticket, setTicket] = useState<StaffTicket | null>(null);
  const [session, setSession] = useState<StaffSessionView | null>(null);
  const told = new URLSearchParams(search);
  const enter = (opened: StaffSessionView) => void login(opened, '/');
  const onSession = (opened: StaffSessionView) => (opened.recovery_codes ? setSession(opened) : enter(opened));
  useEffect(() => {
    document.title = `${w.signIn.title} – Imprimatur`;
  }, [w]);
  const error = told.get('error');
  return (
    <SignInFrame title={session ? w.signIn.codes : w.signIn.title}>
      {told.has('expired') && !ticket && (
        <Alert severity="info" sx={{ mb: 2 }}>
          {w.signIn.expired}
        </Alert>
      )}
      {error && !ticket && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {(w.faults.codes as Partial<Record<string, string>>)[error] ?? w.signIn.refused(error)}
        </Alert>
      )}
      {session?.recovery_codes ? (
        <RecoveryCodesStep codes={session.recovery_codes} onDone={() => enter(session)} />
      ) : ticket ? (
        <CodeStep ticket={ticket} onSession={onSession} onOver={() => setTicket(null)} />
      ) : (
        <PasswordStep onTicket={setTicket} />
      )}
    </SignInFrame>
  );
}
