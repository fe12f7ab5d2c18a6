import { Alert, Box, Button, TextField, Typography } from '@mui/material';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { StaffSessionView, StaffTicket } from '#contracts';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { DeskError, post } from '../wire.js';

/** A form that sends once at a time and shows what went wrong. */
export function useSending(send: () => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    send()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { busy, error, onSubmit };
}

/** A column of fields. */
export function Fields({ onSubmit, children }: { onSubmit: (event: FormEvent) => void; children: ReactNode }) {
  return (
    <Box component="form" onSubmit={onSubmit} sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      {children}
    </Box>
  );
}

/** The secret as people type it by hand, in fours. */
const secretOf = (url: string) => (new URL(url).searchParams.get('secret') ?? '').replace(/(.{4})(?=.)/g, '$1 ');

/** The picture for the authenticator app. It comes from our own service; it is shown as a picture, so nothing in it can run. */
function Setup({ ticket }: { ticket: StaffTicket }) {
  const { w } = useWords();
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([ticket.qr_svg ?? ''], { type: 'image/svg+xml' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [ticket.qr_svg]);
  return (
    <>
      <Typography>{w.signIn.setup}</Typography>
      {url && (
        <img
          src={url}
          width={220}
          height={220}
          alt={w.signIn.qr}
          style={{ alignSelf: 'center', background: '#fff', padding: 8 }}
        />
      )}
      <Typography variant="body2">
        {w.signIn.byHand} <code data-secret>{secretOf(ticket.otpauth_url ?? 'otpauth://totp/')}</code>
      </Typography>
    </>
  );
}

/** The one-time code, with the set-up of the app where there is none yet. */
export function CodeStep({
  ticket,
  onSession,
  onOver,
}: {
  ticket: StaffTicket;
  onSession: (s: StaffSessionView) => void;
  onOver: () => void;
}) {
  const { w } = useWords();
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const { busy, error, onSubmit } = useSending(async () => {
    try {
      onSession(
        await post<StaffSessionView>('/v1/staff/totp', { ticket: ticket.ticket, code: code.replace(/\s/g, '') }),
      );
    } catch (e) {
      setCode('');
      if (e instanceof DeskError && e.code === 'ticket_ended') onOver();
      throw e;
    }
  });
  return (
    <Fields onSubmit={onSubmit}>
      {ticket.need === 'totp_setup' && <Setup ticket={ticket} />}
      <TextField
        label={w.signIn.code}
        helperText={ticket.need === 'totp' ? w.signIn.codeHelp : undefined}
        value={code}
        onChange={({ target }) => setCode(target.value)}
        inputRef={field}
        autoComplete="one-time-code"
        slotProps={{ htmlInput: { maxLength: 40 } }}
        required
      />
      <Fault error={error} />
      <Button type="submit" variant="contained" disabled={busy || code.trim().length < 6}>
        {w.signIn.enter}
      </Button>
      <Button onClick={onOver}>{w.signIn.over}</Button>
    </Fields>
  );
}

/** Recovery codes, shown once; they must be kept before the work begins. */
export function RecoveryCodesStep({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { w } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard?.writeText(codes.join('\n')).then(() => setCopied(true));
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Alert severity="warning">{w.signIn.keepCodes}</Alert>
      <Box component="ul" sx={{ columns: 2, fontFamily: 'monospace', m: 0, pl: 2.5 }}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </Box>
      <Button variant="outlined" onClick={copy}>
        {copied ? w.copied : w.copy}
      </Button>
      <Button variant="contained" onClick={onDone}>
        {w.signIn.kept}
      </Button>
    </Box>
  );
}
