import { Alert, Box, Button, Chip, TableCell, TableRow } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { StaffInvitation, StaffMember } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { currentSession, may } from '../session.js';
import { get, post } from '../wire.js';
import { StaffDialog } from './staff-dialog.js';

/** The address is shown once and handed over by whoever invited. */
function Invitation({ invitation, onClose }: { invitation: StaffInvitation; onClose: () => void }) {
  const { w, lang } = useWords();
  return (
    <Alert severity="info" onClose={onClose} sx={{ mb: 2 }}>
      {w.staff.invited(invitation.staff.email, when(invitation.expires_at, lang))}
      <Box component="code" data-invitation sx={{ display: 'block', overflowWrap: 'anywhere', my: 1 }}>
        {invitation.url}
      </Box>
      <Button size="small" onClick={() => void navigator.clipboard?.writeText(invitation.url)}>
        {w.copy}
      </Button>
    </Alert>
  );
}

function limitsOf({ queues, categories, tenants }: StaffMember, w: ReturnType<typeof useWords>['w']): string {
  const parts = [
    queues && `${w.staff.queues}: ${queues.length}`,
    categories && categories.map((category) => w.categories[category]).join(', '),
    tenants && `${w.staff.tenants}: ${tenants.length}`,
  ].filter(Boolean);
  return parts.join(' · ') || w.staff.everywhere;
}

function Row({ member, onEdit, onInvite }: { member: StaffMember; onEdit: () => void; onInvite: () => void }) {
  const { w, lang } = useWords();
  const { busy, change } = useChange('staff');
  const off = member.state === 'disabled';
  const self = member.id === currentSession()?.staff.id;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {member.name}
      </TableCell>
      <TableCell>{member.email}</TableCell>
      <TableCell>{member.roles.map((role) => w.roles[role]).join(', ')}</TableCell>
      <TableCell>{limitsOf(member, w)}</TableCell>
      <TableCell>
        <Chip
          size="small"
          variant="outlined"
          color={off ? 'error' : member.state === 'active' ? 'success' : 'warning'}
          label={w.staff.states[member.state]}
        />
      </TableCell>
      <TableCell>{member.last_sign_in_at ? when(member.last_sign_in_at, lang) : '–'}</TableCell>
      {may('staff.edit') && (
        <TableCell sx={{ whiteSpace: 'nowrap' }}>
          <Button size="small" onClick={onEdit} aria-label={`${w.edit} ${member.name}`}>
            {w.edit}
          </Button>
          <Button size="small" onClick={onInvite} disabled={off} aria-label={`${w.staff.reinvite} ${member.name}`}>
            {w.staff.reinvite}
          </Button>
          <Button
            size="small"
            color={off ? 'primary' : 'error'}
            disabled={busy || self}
            aria-label={`${off ? w.staff.enable : w.staff.disable} ${member.name}`}
            onClick={() => void change(() => post(`/v1/desk/staff/${member.id}/${off ? 'enable' : 'disable'}`))}
          >
            {off ? w.staff.enable : w.staff.disable}
          </Button>
        </TableCell>
      )}
    </TableRow>
  );
}

/** People who work here. */
export function StaffList() {
  const { w } = useWords();
  const { change } = useChange('staff');
  const [editing, setEditing] = useState<StaffMember | 'new' | null>(null);
  const [invitation, setInvitation] = useState<StaffInvitation | null>(null);
  const { data, error } = useQuery({
    queryKey: ['staff'],
    queryFn: () => get<{ data: StaffMember[] }>('/v1/desk/staff'),
  });
  const heads = [
    w.staff.name,
    w.signIn.email,
    w.staff.roles,
    w.staff.limits,
    w.staff.state,
    w.staff.lastSeen,
    ...(may('staff.edit') ? [w.actions] : []),
  ];
  const invite = (member: StaffMember) =>
    void change(async () => setInvitation(await post<StaffInvitation>(`/v1/desk/staff/${member.id}/invite`)));
  return (
    <Page
      title={w.staff.title}
      intro={w.staff.intro}
      actions={
        may('staff.edit') && (
          <Button variant="contained" onClick={() => setEditing('new')}>
            {w.staff.invite}
          </Button>
        )
      }
    >
      <Fault error={error} />
      {invitation && <Invitation invitation={invitation} onClose={() => setInvitation(null)} />}
      <Panel title={w.staff.people}>
        <Grid label={w.staff.people} heads={heads}>
          {data?.data.map((member) => (
            <Row key={member.id} member={member} onEdit={() => setEditing(member)} onInvite={() => invite(member)} />
          ))}
        </Grid>
      </Panel>
      {editing && (
        <StaffDialog
          member={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onInvited={setInvitation}
        />
      )}
    </Page>
  );
}
