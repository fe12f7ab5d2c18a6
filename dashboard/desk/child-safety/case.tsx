import { Alert, Box, Button, Chip, TextField, Typography } from '@mui/material';
import { useEffect, useState } from 'react';
import { LinkBase, useParams } from 'react-admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { DeskSafetyCase } from '#contracts';
import { countdown, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { useNow } from '../parts/now.js';
import { Page } from '../parts/page.js';
import { Facts, Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post } from '../wire.js';
import { addressOf } from './address.js';
import { PreservationWords, SafetyChips } from './cases.js';
import { CaseActions } from './dialogs.js';
import { EvidencePanels } from './evidence.js';

/** Nothing is shown before somebody says why they have to look. */
function Sealed({ one }: { one: DeskSafetyCase }) {
  const { w } = useWords();
  const client = useQueryClient();
  const { busy, change } = useChange('safety');
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const open = async () => {
    const opened = () =>
      post<DeskSafetyCase>(`${addressOf(one.id)}/open`, { reason: reason.trim() }).then((next) =>
        client.setQueryData(['safety-case', one.id], next),
      );
    if (await change(opened)) setAsking(false);
  };
  return (
    <Panel title={w.safety.sealedTitle}>
      <Typography variant="body2" sx={{ maxWidth: '75ch', mb: 1 }}>
        {w.safety.sealedHelp}
      </Typography>
      {may('child_safety.view') && (
        <Button variant="contained" onClick={() => setAsking(true)}>
          {w.safety.open}
        </Button>
      )}
      <FormDialog
        open={asking}
        title={w.safety.open}
        action={w.safety.open}
        ready={!busy && reason.trim().length >= 3}
        onClose={() => setAsking(false)}
        onDone={() => void open()}
      >
        <TextField
          label={w.safety.reason}
          helperText={w.safety.reasonHelp}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          multiline
          minRows={2}
          required
          autoFocus
          slotProps={{ htmlInput: { maxLength: 500 } }}
        />
      </FormDialog>
    </Panel>
  );
}

function Standing({ one }: { one: DeskSafetyCase }) {
  const { w, lang } = useWords();
  const { decision, receipt } = one;
  const decided = decision
    ? w.safety.decided(w.safety.outcomes[decision.outcome], when(decision.at, lang), decision.by) +
      (decision.class ? ` · ${decision.class}` : '') +
      (decision.incident_type ? ` · ${w.safety.incidents[decision.incident_type]}` : '')
    : w.safety.undecided;
  return (
    <Panel title={w.safety.state} aside={<SafetyChips one={one} />}>
      {one.synthetic && (
        <Alert severity="info" sx={{ mb: 1 }}>
          {w.safety.rehearsalHelp}
        </Alert>
      )}
      <Facts
        facts={[
          ['Id', <code key="i">{one.id}</code>],
          [w.review.clip, <code key="c">{one.clip_id}</code>],
          [w.safety.platform, one.tenant.name],
          [w.safety.opened, when(one.opened_at, lang)],
          [w.safety.stage, w.safety.stages[one.stage]],
          [w.safety.rules, one.rules.join(', ')],
          [w.safety.preserved, <PreservationWords key="p" one={one} />],
          [w.safety.decision, decided],
          [
            w.safety.report,
            receipt
              ? w.safety.receipt(when(receipt.at, lang), receipt.by, receipt.report_id ?? '–')
              : w.safety.noReceipt,
          ],
          ...(one.last_error ? [[w.safety.lastError, one.last_error] as const] : []),
        ]}
      />
    </Panel>
  );
}

/** How long the seal is open yet. */
function OpenChip({ until, onOver }: { until: string; onOver: () => void }) {
  const { w } = useWords();
  const left = Date.parse(until) - useNow();
  const over = left < 0;
  useEffect(() => {
    if (over) onOver();
    // Once: what is asked anew tells that the seal is closed.
  }, [over]);
  return <Chip color="warning" label={w.safety.openFor(countdown(left))} />;
}

function Evidence({ one }: { one: DeskSafetyCase }) {
  const { w } = useWords();
  if (one.preservation === 'destroyed') return <Alert severity="info">{w.safety.gone}</Alert>;
  if (one.seal_open_until === null) return <Sealed one={one} />;
  return (
    <>
      {!one.sealed && <Alert severity="info">{w.safety.notSealedYet}</Alert>}
      <EvidencePanels key={one.id} one={one} />
    </>
  );
}

/** One case of child safety: what was decided, and, once somebody opened the seal, what it is about. */
export function SafetyCasePage() {
  const { w } = useWords();
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['safety-case', id],
    queryFn: () => get<DeskSafetyCase>(addressOf(id)),
  });
  if (!data)
    return (
      <Page title={w.safety.title}>
        <Fault error={error} />
      </Page>
    );
  return (
    <Page title={w.safety.one} actions={<CaseActions one={data} />}>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', mb: 1 }}>
        <LinkBase to="/child_safety">{w.safety.title}</LinkBase>
        {data.seal_open_until && <OpenChip until={data.seal_open_until} onOver={() => void refetch()} />}
      </Box>
      <Standing one={data} />
      <Evidence one={data} />
    </Page>
  );
}
