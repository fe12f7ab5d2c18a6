import {
  Box,
  Button,
  Checkbox,
  Chip,
  FormControlLabel,
  TableCell,
  TableRow,
  TextField,
  Typography,
} from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { DeskKey, Scope } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Grid } from '../parts/grid.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post } from '../wire.js';
import { Secret } from './secret.js';
import { TenantChoice, useTenants } from './tenants.js';

/** What a screen may give. Evidence and the register open only to keys that are made where few can see. */
const GIVEN = Object.keys({
  ...{ 'videos:read': 1, 'videos:write': 1, moderations: 1, review: 1, webhooks: 1, consent: 1, admin: 1 },
} satisfies Record<Exclude<Scope, 'child_safety' | 'register'>, 1>) as Scope[];

function ScopeBoxes({ scopes, onChange }: { scopes: readonly Scope[]; onChange: (scopes: Scope[]) => void }) {
  const { w } = useWords();
  return (
    <Box role="group" aria-label={w.platforms.scopes}>
      <Typography variant="body2" color="textSecondary">
        {w.platforms.scopes}
      </Typography>
      {GIVEN.map((scope) => (
        <FormControlLabel
          key={scope}
          sx={{ display: 'flex', alignItems: 'center' }}
          control={
            <Checkbox
              size="small"
              checked={scopes.includes(scope)}
              onChange={(_, on) => onChange(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
            />
          }
          label={
            <Typography variant="body2">
              <code>{scope}</code> – {w.platforms.scopeNames[scope]}
            </Typography>
          }
        />
      ))}
    </Box>
  );
}

function CreateDialog({ onClose, onMade }: { onClose: () => void; onMade: (key: DeskKey) => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('keys');
  const { names, only } = useTenants();
  const [tenant, setTenant] = useState('');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['videos:read', 'videos:write']);
  const [trusted, setTrusted] = useState(false);
  const body = { tenant: tenant || only, name: name.trim(), scopes, trusted_flagger: trusted };
  const make = async () => {
    if (await change(async () => onMade(await post<DeskKey>('/v1/desk/keys', body)))) onClose();
  };
  return (
    <FormDialog
      open
      title={w.platforms.newKey}
      action={w.platforms.make}
      ready={!busy && body.tenant !== '' && body.name !== '' && scopes.length > 0}
      onClose={onClose}
      onDone={() => void make()}
    >
      <TenantChoice value={body.tenant} names={names} onChange={setTenant} />
      <TextField
        label={w.platforms.name}
        helperText={w.platforms.nameHelp}
        value={name}
        onChange={({ target }) => setName(target.value)}
        slotProps={{ htmlInput: { maxLength: 100 } }}
        required
        autoFocus
      />
      <ScopeBoxes scopes={scopes} onChange={setScopes} />
      <FormControlLabel
        control={<Checkbox size="small" checked={trusted} onChange={(_, on) => setTrusted(on)} />}
        label={<Typography variant="body2">{w.platforms.trustedHelp}</Typography>}
      />
    </FormDialog>
  );
}

function RevokeDialog({ one, onClose }: { one: DeskKey; onClose: () => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('keys');
  const revoke = async () => {
    if (await change(() => post(`/v1/desk/keys/${one.id}/revoke`), w.platforms.revoked)) onClose();
  };
  return (
    <FormDialog
      open
      danger
      title={w.platforms.revokeTitle(one.name)}
      action={w.platforms.revoke}
      ready={!busy}
      onClose={onClose}
      onDone={() => void revoke()}
    >
      <Typography>{w.platforms.revokeHelp}</Typography>
    </FormDialog>
  );
}

function Row({ one, onRevoke }: { one: DeskKey; onRevoke: () => void }) {
  const { w, lang } = useWords();
  const dead = one.revoked_at !== null;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {one.name}
        <Typography variant="caption" color="textSecondary" component="div">
          <code>{one.prefix}…</code>
        </Typography>
      </TableCell>
      <TableCell>{one.tenant.name}</TableCell>
      <TableCell>
        <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap', maxWidth: 420 }}>
          {one.scopes.map((scope) => (
            <Chip key={scope} size="small" variant="outlined" label={scope} title={w.platforms.scopeNames[scope]} />
          ))}
          {one.trusted_flagger && <Chip size="small" color="info" label={w.platforms.trusted} />}
        </Box>
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{when(one.created_at, lang)}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        {one.last_used_at ? when(one.last_used_at, lang) : w.platforms.never}
      </TableCell>
      <TableCell>
        {dead ? (
          <Chip
            size="small"
            variant="outlined"
            color="error"
            label={w.platforms.revokedAt(when(one.revoked_at!, lang))}
          />
        ) : (
          may('key.edit') && (
            <Button size="small" color="error" onClick={onRevoke} aria-label={`${w.platforms.revoke} ${one.name}`}>
              {w.platforms.revoke}
            </Button>
          )
        )}
      </TableCell>
    </TableRow>
  );
}

/** API keys of platforms. */
export function Keys() {
  const { w } = useWords();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<DeskKey | null>(null);
  const [revoking, setRevoking] = useState<DeskKey | null>(null);
  const { data, error } = useQuery({
    queryKey: ['keys'],
    queryFn: () => get<{ data: DeskKey[] }>('/v1/desk/keys'),
  });
  const heads = [
    ...[w.platforms.name, w.makers.tenant, w.platforms.scopes, w.platforms.created, w.platforms.lastUsed],
    w.platforms.state,
  ];
  return (
    <>
      <Fault error={error} />
      {made?.key && <Secret text={w.platforms.keyOnce(made.name)} value={made.key} onClose={() => setMade(null)} />}
      <Panel
        title={w.platforms.keys}
        aside={
          may('key.edit') && (
            <Button variant="contained" onClick={() => setMaking(true)}>
              {w.platforms.newKey}
            </Button>
          )
        }
      >
        {data?.data.length === 0 && <Typography variant="body2">{w.platforms.noKeys}</Typography>}
        {data && data.data.length > 0 && (
          <Grid label={w.platforms.keys} heads={heads}>
            {data.data.map((one) => (
              <Row key={one.id} one={one} onRevoke={() => setRevoking(one)} />
            ))}
          </Grid>
        )}
      </Panel>
      {making && <CreateDialog onClose={() => setMaking(false)} onMade={setMade} />}
      {revoking && <RevokeDialog one={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}
