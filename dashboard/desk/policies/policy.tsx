import { Alert, Box, Button, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase, useParams } from 'react-admin';
import { useQuery } from '@tanstack/react-query';
import type { PolicyVersionView } from '#contracts';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Page } from '../parts/page.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { currentSession, may } from '../session.js';
import { get, post, put } from '../wire.js';
import { BacktestPanel } from './backtest.js';
import { DiffPanel } from './diff.js';
import { StateChip } from './policies.js';
import { ShadowPanel } from './shadow.js';

function Editor({ version }: { version: PolicyVersionView }) {
  const { w } = useWords();
  const { busy, change } = useChange('policy', 'policies', 'policy.diff');
  const [yaml, setYaml] = useState(version.yaml);
  const editable = version.state === 'draft' && may('policy.draft');
  const save = () =>
    change(() => put(`/v1/desk/policies/${version.id}`, { yaml, edition: version.edition }), w.policies.savedText);
  return (
    <Panel title={w.policies.text}>
      <TextField
        label={w.policies.document}
        value={yaml}
        onChange={({ target }) => setYaml(target.value)}
        multiline
        minRows={8}
        maxRows={28}
        fullWidth
        sx={{ mt: 1 }}
        slotProps={{
          htmlInput: { readOnly: !editable, spellCheck: false, style: { fontFamily: 'monospace', fontSize: 12.5 } },
        }}
      />
      {editable && (
        <Button variant="contained" sx={{ mt: 1 }} disabled={busy || yaml === version.yaml} onClick={() => void save()}>
          {w.save}
        </Button>
      )}
    </Panel>
  );
}

function Publishing({ version }: { version: PolicyVersionView }) {
  const { w } = useWords();
  const { busy, change } = useChange('policy', 'policies');
  const [at, setAt] = useState('');
  const [reason, setReason] = useState('');
  const publish = () =>
    change(
      () => post(`/v1/desk/policies/${version.id}/publish`, at ? { at: new Date(at).toISOString() } : {}),
      w.policies.publishedNow,
    );
  const ready = version.approvals >= version.approvals_needed && version.laxer_for_children.length === 0;
  if (version.state === 'live' && version.rolls_back_to && may('policy.publish'))
    return (
      <Box sx={{ display: 'flex', gap: 1, mt: 1, flexWrap: 'wrap' }}>
        <TextField
          label={w.policies.rollBackWhy}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          sx={{ minWidth: 320 }}
        />
        <Button
          color="error"
          variant="outlined"
          disabled={busy || reason.trim().length < 3}
          onClick={() => void change(() => post(`/v1/desk/policies/${version.id}/rollback`, { reason }))}
        >
          {w.policies.rollBack(version.rolls_back_to)}
        </Button>
      </Box>
    );
  if (!['draft', 'scheduled'].includes(version.state) || !may('policy.publish')) return null;
  return (
    <Box sx={{ display: 'flex', gap: 1, mt: 2, flexWrap: 'wrap', alignItems: 'center' }}>
      <TextField
        label={w.policies.publishAt}
        type="datetime-local"
        value={at}
        onChange={({ target }) => setAt(target.value)}
        slotProps={{ inputLabel: { shrink: true } }}
      />
      <Button variant="contained" disabled={busy || !ready} onClick={() => void publish()}>
        {at ? w.policies.schedule : w.policies.publish}
      </Button>
      {!ready && <Typography variant="body2">{w.policies.notReady}</Typography>}
    </Box>
  );
}

function Approvals({ version }: { version: PolicyVersionView }) {
  const { w, lang } = useWords();
  const { busy, change } = useChange('policy', 'policies');
  const me = currentSession()?.staff.id;
  const wrote = version.authors.some(({ id }) => id === me);
  const said = version.given.some(({ staff_id }) => staff_id === me);
  const open = version.state === 'draft' && may('policy.approve');
  return (
    <Panel title={w.policies.approvals}>
      <Typography variant="body2">{w.policies.given(version.approvals, version.approvals_needed)}</Typography>
      {version.given.map(({ staff_id, name, at, note }) => (
        <Typography key={staff_id} variant="body2">
          ✓ {name}, {when(at, lang)} {note && `– ${note}`}
        </Typography>
      ))}
      {version.laxer_for_children.map(({ message, path }) => (
        <Alert key={path} severity="error" sx={{ mt: 0.5 }}>
          {message} {path && <code>{path}</code>}
        </Alert>
      ))}
      {!version.based_on_live && version.state === 'draft' && (
        <Alert severity="warning" sx={{ mt: 0.5 }}>
          {w.policies.notOnLive}
        </Alert>
      )}
      {open && (
        <Box sx={{ mt: 1, display: 'flex', gap: 1, alignItems: 'center' }}>
          <Button
            variant="outlined"
            disabled={busy || wrote || said || version.laxer_for_children.length > 0}
            onClick={() =>
              void change(() => post(`/v1/desk/policies/${version.id}/approve`, { sha256: version.sha256 }))
            }
          >
            {w.policies.approve}
          </Button>
          {wrote && <Typography variant="body2">{w.policies.ownText}</Typography>}
        </Box>
      )}
      <Publishing version={version} />
    </Panel>
  );
}

/** One version: who approved it, what it changes, what it would have done, its text. */
export function PolicyPage() {
  const { w } = useWords();
  const { id = '' } = useParams();
  const { data, error } = useQuery({
    queryKey: ['policy', id],
    queryFn: () => get<PolicyVersionView>(`/v1/desk/policies/${encodeURIComponent(id)}`),
    refetchOnWindowFocus: false,
  });
  if (!data)
    return (
      <Page title={w.policies.title}>
        <Fault error={error} />
      </Page>
    );
  return (
    <Page title={`${data.policy_id} ${data.version}`} intro={data.note} actions={<StateChip version={data} />}>
      <Box sx={{ mb: 1 }}>
        <LinkBase to="/policies">{w.policies.all}</LinkBase>
      </Box>
      <Approvals version={data} />
      <DiffPanel version={data} />
      <BacktestPanel version={data} />
      <ShadowPanel version={data} />
      <Editor key={data.edition} version={data} />
    </Page>
  );
}
