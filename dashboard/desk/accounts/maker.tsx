import { Box, Button, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase, useParams } from 'react-admin';
import { useQuery } from '@tanstack/react-query';
import type { ActOnAccount, Category, MakerAccount } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { decimal, when } from '../format.js';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Page } from '../parts/page.js';
import { Facts, Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post } from '../wire.js';
import { StandingChip } from './makers.js';

const DAY_MS = 86_400_000;

/** Acts on an account; a suspension has an end, and it and a ban name what they rest on. */
function ActDialog({ maker, onClose }: { maker: MakerAccount; onClose: () => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('maker', 'makers');
  const [kind, setKind] = useState<ActOnAccount['kind']>(maker.standing === 'open' ? 'warn' : 'lift');
  const [reason, setReason] = useState('');
  const [category, setCategory] = useState<Category>(maker.strikes[0]?.category ?? 'other');
  const [days, setDays] = useState('7');
  const act = async () => {
    const body: ActOnAccount = {
      ...{ kind, reason: reason.trim() },
      ...((kind === 'suspend' || kind === 'ban') && { category }),
      ...(kind === 'suspend' && { until: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
    };
    if (await change(() => post(`/v1/desk/makers/${maker.id}/actions`, body))) onClose();
  };
  return (
    <FormDialog
      open
      danger={kind === 'ban'}
      title={w.makers.act}
      action={w.makers.kinds[kind]}
      ready={!busy && reason.trim().length >= 3}
      onClose={onClose}
      onDone={() => void act()}
    >
      <Choice label={w.makers.what} value={kind} names={w.makers.kinds} onChange={setKind} />
      {(kind === 'suspend' || kind === 'ban') && (
        <Choice label={w.category} value={category} names={w.categories} onChange={setCategory} />
      )}
      {kind === 'suspend' && (
        <TextField
          label={w.makers.days}
          type="number"
          value={days}
          onChange={({ target }) => setDays(target.value)}
          slotProps={{ htmlInput: { min: 1, max: 3650 } }}
        />
      )}
      <TextField
        label={w.review.reason}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        multiline
        minRows={2}
        required
        autoFocus
      />
    </FormDialog>
  );
}

function History({ maker }: { maker: MakerAccount }) {
  const { w, lang } = useWords();
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { md: '1fr 1fr' }, columnGap: 1.5, alignItems: 'start' }}>
      <Panel title={w.makers.strikes}>
        {maker.strikes.length === 0 && <Typography variant="body2">{w.makers.none}</Typography>}
        {maker.strikes.map((strike) => (
          <Typography key={strike.statement_id} variant="body2">
            {when(strike.at, lang)}: {strike.category ? w.categories[strike.category] : '–'},{' '}
            {w.makers.worth(decimal(strike.points, lang))} · {w.makers.strikeStates[strike.state]}
          </Typography>
        ))}
      </Panel>
      <Panel title={w.makers.actions}>
        {maker.actions.length === 0 && <Typography variant="body2">{w.makers.none}</Typography>}
        {maker.actions.map((action) => (
          <Typography key={action.id} variant="body2">
            {when(action.at, lang)}: <strong>{w.makers.kinds[action.kind]}</strong>
            {action.until && ` ${w.makers.until(when(action.until, lang))}`} – {action.reason} ({action.by})
            {action.active && ` · ${w.makers.active}`}
          </Typography>
        ))}
      </Panel>
      <Panel title={w.makers.statements}>
        {maker.statements.length === 0 && <Typography variant="body2">{w.makers.none}</Typography>}
        {maker.statements.map((one) => (
          <Box key={one.id} component="details" sx={{ mb: 0.5, fontSize: 13 }}>
            <summary>
              {when(one.created_at, lang)}: {w.makers.measures[one.decision]}
              {one.overturned && ` · ${w.makers.overturned}`}
            </summary>
            <Typography variant="body2" sx={{ whiteSpace: 'pre-line' }}>
              {one.text[lang]}
            </Typography>
          </Box>
        ))}
      </Panel>
    </Box>
  );
}

/** One maker: how the account stands, and everything that was decided about it. */
export function MakerPage() {
  const { w, lang } = useWords();
  const { id = '' } = useParams();
  const [acting, setActing] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['maker', id],
    queryFn: () => get<MakerAccount>(`/v1/desk/makers/${encodeURIComponent(id)}`),
  });
  if (!data)
    return (
      <Page title={w.makers.title}>
        <Fault error={error} />
      </Page>
    );
  return (
    <Page
      title={w.makers.one}
      actions={
        may('account.act') && (
          <Button variant="contained" onClick={() => setActing(true)}>
            {w.makers.act}
          </Button>
        )
      }
    >
      <Box sx={{ mb: 1 }}>
        <LinkBase to="/makers">{w.makers.title}</LinkBase>
      </Box>
      <Panel title={w.makers.standing} aside={<StandingChip maker={data} />}>
        <Facts
          facts={[
            [w.makers.name, <Foreign key="n" text={data.name} max={120} />],
            [w.makers.tenant, data.tenant.name],
            [w.review.since, when(data.since, lang)],
            [w.makers.points, `${decimal(data.points, lang)} · ${w.makers.suggested[data.suggested]}`],
            [w.makers.clips, w.makers.clipCounts(data.clips.total, data.clips.released, data.clips.refused)],
            [w.makers.appeals, w.makers.appealCounts(data.appeals.total, data.appeals.overturned)],
            [w.makers.reports, w.makers.reportCounts(data.reports.against, data.reports.upheld)],
          ]}
        />
      </Panel>
      <History maker={data} />
      {acting && <ActDialog maker={data} onClose={() => setActing(false)} />}
    </Page>
  );
}
