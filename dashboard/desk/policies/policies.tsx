import { Box, Button, Chip, TableCell, TableRow, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase, useNavigate } from 'react-admin';
import { useQuery } from '@tanstack/react-query';
import type { PolicyVersionItem, PolicyVersionList, PolicyVersionView } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Grid } from '../parts/grid.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post } from '../wire.js';

const COLOURS = {
  draft: 'default',
  scheduled: 'warning',
  live: 'success',
  past: 'default',
  rolled_back: 'error',
  discarded: 'default',
} as const;

/** State of a version as a sign with its name. */
export function StateChip({ version }: { version: PolicyVersionItem }) {
  const { w } = useWords();
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 0.5 }}>
      <Chip
        size="small"
        color={COLOURS[version.state]}
        variant={version.state === 'live' ? 'filled' : 'outlined'}
        label={w.policies.states[version.state]}
      />
      {version.shadow && <Chip size="small" variant="outlined" label={w.policies.inShadow} />}
    </Box>
  );
}

function DraftDialog({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const navigate = useNavigate();
  const { busy, change } = useChange('policies');
  const [note, setNote] = useState('');
  const make = () =>
    change(async () => {
      const made = await post<PolicyVersionView>('/v1/desk/policies', { note });
      navigate(`/policies/${made.id}`);
    });
  return (
    <FormDialog
      open
      title={w.policies.draft}
      action={w.policies.draftAction}
      ready={!busy && note.trim().length >= 3}
      onClose={onClose}
      onDone={() => void make()}
    >
      <Typography variant="body2">{w.policies.draftHelp}</Typography>
      <TextField
        label={w.policies.why}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        multiline
        minRows={2}
        autoFocus
        required
      />
    </FormDialog>
  );
}

/** All versions of the policy, the newest first. */
export function Policies() {
  const { w, lang } = useWords();
  const [drafting, setDrafting] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['policies'],
    queryFn: () => get<PolicyVersionList>('/v1/desk/policies'),
  });
  const row = (version: PolicyVersionItem) => (
    <TableRow key={version.id}>
      <TableCell component="th" scope="row">
        <LinkBase to={`/policies/${version.id}`}>
          {version.policy_id} {version.version}
        </LinkBase>
      </TableCell>
      <TableCell>
        <StateChip version={version} />
      </TableCell>
      <TableCell>{version.note}</TableCell>
      <TableCell>{version.authors.map(({ name }) => name).join(', ') || w.policies.file}</TableCell>
      <TableCell>{w.policies.given(version.approvals, version.approvals_needed)}</TableCell>
      <TableCell>
        {version.published_at
          ? when(version.published_at, lang)
          : version.publish_at
            ? w.policies.at(when(version.publish_at, lang))
            : '–'}
      </TableCell>
    </TableRow>
  );
  return (
    <Page
      title={w.policies.title}
      intro={data?.source === 'file' ? w.policies.fromFile : w.policies.intro}
      actions={
        may('policy.draft') && (
          <Button variant="contained" onClick={() => setDrafting(true)}>
            {w.policies.draft}
          </Button>
        )
      }
    >
      <Fault error={error} />
      <Panel title={w.policies.versions}>
        <Grid
          label={w.policies.versions}
          heads={[
            w.policies.version,
            w.policies.state,
            w.policies.why,
            w.policies.authors,
            w.policies.approvals,
            w.policies.published,
          ]}
        >
          {data?.data.map(row)}
        </Grid>
      </Panel>
      {drafting && <DraftDialog onClose={() => setDrafting(false)} />}
    </Page>
  );
}
