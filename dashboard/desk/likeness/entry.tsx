import VisibilityIcon from '@mui/icons-material/Visibility';
import { Alert, Box, Button, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { LinkBase, useParams } from 'react-admin';
import { useQuery } from '@tanstack/react-query';
import type { DeskProtectedDetail, ReviewProtected } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { when } from '../format.js';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Page } from '../parts/page.js';
import { Facts, Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { call, get, post } from '../wire.js';
import { EntryStateChip } from './register.js';

const addressOf = (id: string) => `/v1/desk/register/${encodeURIComponent(id)}`;

/** The picture that was sent: fetched when it is asked for, and grey and blurred whenever nobody holds the button. */
function Picture({ entry }: { entry: DeskProtectedDetail }) {
  const { w, lang } = useWords();
  const [asked, setAsked] = useState(false);
  const [clear, setClear] = useState(false);
  const hold = (on: boolean) => {
    setClear(on);
    if (on) setAsked(true);
  };
  const held = [' ', 'Enter'];
  if (!entry.image_until) return <Typography variant="body2">{w.register.noPicture}</Typography>;
  return (
    <>
      <Typography variant="body2" color="textSecondary">
        {w.register.pictureHelp} {w.register.pictureUntil(when(entry.image_until, lang))}
      </Typography>
      <Box sx={{ height: 240, my: 1, bgcolor: 'action.hover', borderRadius: 1, overflow: 'hidden' }}>
        {asked && (
          <img
            src={`${addressOf(entry.id)}/image`}
            alt={w.register.picture}
            style={{
              ...{ width: '100%', height: '100%', objectFit: 'contain' },
              filter: clear ? 'none' : 'grayscale(1) blur(24px)',
            }}
          />
        )}
      </Box>
      <Button
        variant="outlined"
        size="small"
        startIcon={<VisibilityIcon />}
        aria-pressed={clear}
        onPointerDown={() => hold(true)}
        onPointerUp={() => hold(false)}
        onPointerLeave={() => hold(false)}
        onKeyDown={({ key, repeat }) => held.includes(key) && !repeat && hold(true)}
        onKeyUp={({ key }) => held.includes(key) && hold(false)}
        onBlur={() => hold(false)}
      >
        {w.register.hold}
      </Button>
    </>
  );
}

function ReviewDialog({
  id,
  outcome,
  onClose,
}: {
  id: string;
  outcome: ReviewProtected['outcome'];
  onClose: () => void;
}) {
  const { w } = useWords();
  const { busy, change } = useChange('register', 'entry');
  const [reason, setReason] = useState('');
  const send = async () => {
    if (await change(() => post(`${addressOf(id)}/review`, { outcome, reason: reason.trim() }))) onClose();
  };
  return (
    <FormDialog
      open
      danger={outcome === 'reject'}
      title={w.register.outcomes[outcome]}
      action={w.register.outcomes[outcome]}
      ready={!busy && reason.trim().length >= 3}
      onClose={onClose}
      onDone={() => void send()}
    >
      <TextField
        label={w.register.reason}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        multiline
        minRows={2}
        required
        autoFocus
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
    </FormDialog>
  );
}

function EndDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { w } = useWords();
  const { busy, change } = useChange('register', 'entry');
  const send = async () => {
    if (await change(() => call('DELETE', addressOf(id)))) onClose();
  };
  return (
    <FormDialog
      open
      danger
      title={w.register.end}
      action={w.register.end}
      ready={!busy}
      onClose={onClose}
      onDone={() => void send()}
    >
      <Typography variant="body2">{w.register.endHelp}</Typography>
    </FormDialog>
  );
}

/** What can be done with an entry; nobody does two things in its way. */
function Actions({ entry, onAct }: { entry: DeskProtectedDetail; onAct: (act: Act) => void }) {
  const { w } = useWords();
  if (!may('register.review') || entry.state === 'ended') return null;
  const waits = entry.state === 'submitted' || entry.state === 'first_approved';
  return (
    <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
      {waits && !entry.mine && (
        <>
          <Button variant="contained" onClick={() => onAct('approve')}>
            {w.register.outcomes.approve}
          </Button>
          <Button variant="outlined" color="error" onClick={() => onAct('reject')}>
            {w.register.outcomes.reject}
          </Button>
        </>
      )}
      <Button color="error" onClick={() => onAct('end')}>
        {w.register.end}
      </Button>
    </Box>
  );
}

type Act = ReviewProtected['outcome'] | 'end';

function Details({ entry }: { entry: DeskProtectedDetail }) {
  const { w } = useWords();
  if (entry.proof === null) return <Typography variant="body2">{w.register.erased}</Typography>;
  return (
    <>
      <Facts
        facts={[
          [
            w.register.names,
            <Box key="n" component="ul" sx={{ m: 0, pl: 2 }}>
              {entry.names?.map((name) => (
                <li key={name}>
                  <Foreign text={name} max={200} />
                </li>
              ))}
            </Box>,
          ],
          [w.register.proof, <Foreign key="p" text={entry.proof} max={10_000} />],
        ]}
      />
      {entry.reasons !== null && entry.reasons.length > 0 && (
        <>
          <Typography variant="h3" component="h3" sx={{ mt: 1 }}>
            {w.register.reasons}
          </Typography>
          {entry.reasons.map((reason, i) => (
            <Typography key={i} variant="body2">
              {i + 1}. <Foreign text={reason} max={2000} />
            </Typography>
          ))}
        </>
      )}
    </>
  );
}

/** One entry of the protected register, for those who decide about it. */
export function EntryPage() {
  const { w, lang } = useWords();
  const { id = '' } = useParams();
  const [act, setAct] = useState<Act | null>(null);
  const { data, error } = useQuery({
    queryKey: ['entry', id],
    queryFn: () => get<DeskProtectedDetail>(addressOf(id)),
    refetchOnWindowFocus: false, // each look is on record
  });
  if (!data)
    return (
      <Page title={w.register.title}>
        <Fault error={error} />
      </Page>
    );
  const waits = data.state === 'submitted' || data.state === 'first_approved';
  const reviews = data.reviews.map((one) =>
    w.register.review(w.register.reviewed[one.outcome], one.by, when(one.at, lang)),
  );
  return (
    <Page title={w.register.one} actions={<Actions entry={data} onAct={setAct} />}>
      <LinkBase to="/register">{w.register.title}</LinkBase>
      {waits && data.mine && <Alert severity="info">{w.register.mine}</Alert>}
      {data.end_asked_by && <Alert severity="warning">{w.register.endAsked(data.end_asked_by)}</Alert>}
      <Box sx={{ display: 'grid', gridTemplateColumns: { md: '3fr 2fr' }, columnGap: 1.5, alignItems: 'start', mt: 1 }}>
        <Box>
          <Panel title={w.register.entry} aside={<EntryStateChip state={data.state} />}>
            <Facts
              facts={[
                ['Id', <code key="i">{data.id}</code>],
                [w.register.kind, w.register.kinds[data.kind]],
                [w.register.platform, data.tenant?.name ?? w.register.every],
                [w.register.asked, when(data.created_at, lang)],
                [w.register.by, data.submitted_by],
                [w.register.recognised, w.register.compared[data.recognised ? 'yes' : 'no']],
                [w.register.face, w.register.faces[data.face]],
                [w.register.reviews, reviews.join(' · ') || '–'],
              ]}
            />
          </Panel>
          <Panel title={w.register.sent}>
            <Details entry={data} />
          </Panel>
        </Box>
        {may('register.review') && (
          <Panel title={w.register.picture}>
            <Picture entry={data} />
          </Panel>
        )}
      </Box>
      {act === 'end' && <EndDialog id={id} onClose={() => setAct(null)} />}
      {(act === 'approve' || act === 'reject') && <ReviewDialog id={id} outcome={act} onClose={() => setAct(null)} />}
    </Page>
  );
}
