import { Box, Button, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import type { DecideSafetyCase, DeskSafetyCase, EvidenceFileName, IncidentType, IndustryClass } from '#contracts';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { FormDialog } from '../parts/form-dialog.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { post } from '../wire.js';
import { addressOf } from './address.js';
import { DayField } from '../parts/day-field.js';

interface DialogProps {
  one: DeskSafetyCase;
  onClose: () => void;
}

const useSafetyChange = () => useChange('safety', 'safety-case');

function Words({
  label,
  help,
  value,
  max,
  onChange,
  required = false,
}: {
  label: string;
  help?: string;
  value: string;
  max: number;
  onChange: (value: string) => void;
  required?: boolean;
}) {
  return (
    <TextField
      label={label}
      helperText={help}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      multiline
      minRows={2}
      required={required}
      slotProps={{ htmlInput: { maxLength: max } }}
    />
  );
}

/** What the receiver needs to know of a case that is to be reported. */
interface ReportFields {
  class: IndustryClass | '';
  incident_type: IncidentType;
  additional_info: string;
  escalate: string;
  watched_all: boolean;
}

function ReportPart({ fields, onChange }: { fields: ReportFields; onChange: (fields: ReportFields) => void }) {
  const { w } = useWords();
  const set = (some: Partial<ReportFields>) => onChange({ ...fields, ...some });
  return (
    <>
      <Choice
        label={w.safety.class}
        value={fields.class}
        names={w.safety.classes}
        none={w.safety.noClass}
        onChange={(chosen: IndustryClass) => set({ class: chosen })}
      />
      <Typography variant="caption" color="textSecondary">
        {w.safety.classHelp}
      </Typography>
      <Choice
        label={w.safety.incident}
        value={fields.incident_type}
        names={w.safety.incidents}
        onChange={(incident_type) => set({ incident_type })}
      />
      <Words
        label={w.safety.more}
        help={w.safety.moreHelp}
        value={fields.additional_info}
        max={3000}
        onChange={(additional_info) => set({ additional_info })}
      />
      <Words label={w.safety.escalate} value={fields.escalate} max={3000} onChange={(escalate) => set({ escalate })} />
      <FormControlLabel
        control={<Checkbox checked={fields.watched_all} onChange={(_, watched_all) => set({ watched_all })} />}
        label={`${w.safety.watchedAll}. ${w.safety.watchedHelp}`}
      />
    </>
  );
}

const NOTHING: ReportFields = {
  class: '',
  incident_type: 'Child Pornography (possession, manufacture, and distribution)',
  additional_info: '',
  escalate: '',
  watched_all: false,
};

/** Only what was filled in goes out. */
function bodyOf(outcome: DecideSafetyCase['outcome'], reason: string, fields: ReportFields): Partial<DecideSafetyCase> {
  const { class: chosen, incident_type, watched_all } = fields;
  const [additional_info, escalate] = [fields.additional_info.trim(), fields.escalate.trim()];
  if (outcome === 'dismiss') return { outcome, reason };
  return {
    ...{ outcome, reason, incident_type },
    ...(chosen && { class: chosen }),
    ...(additional_info && { additional_info }),
    ...(escalate && { escalate }),
    ...(watched_all && { watched_all }),
  };
}

/** Why somebody does it; it goes on record. */
function Reason(field: { value: string; max: number; onChange: (reason: string) => void }) {
  const { w } = useWords();
  return <Words label={w.safety.reason} help={w.safety.reasonHelp} required {...field} />;
}

function DecideDialog({ one, onClose }: DialogProps) {
  const { w } = useWords();
  const { busy, change } = useSafetyChange();
  const [outcome, setOutcome] = useState<DecideSafetyCase['outcome']>('report');
  const [reason, setReason] = useState('');
  const [fields, setFields] = useState(NOTHING);
  const send = async () => {
    const body = bodyOf(outcome, reason.trim(), fields);
    if (await change(() => post(`${addressOf(one.id)}/decision`, body))) onClose();
  };
  return (
    <FormDialog
      open
      title={w.safety.decide}
      action={w.safety.outcomes[outcome]}
      ready={!busy && reason.trim().length >= 3}
      onClose={onClose}
      onDone={() => void send()}
    >
      <Typography variant="body2">{w.safety.decideHelp}</Typography>
      <Choice label={w.safety.outcome} value={outcome} names={w.safety.outcomes} onChange={setOutcome} />
      <Reason value={reason} max={2000} onChange={setReason} />
      {outcome === 'report' && <ReportPart fields={fields} onChange={setFields} />}
    </FormDialog>
  );
}

function PreserveDialog({ one, onClose }: DialogProps) {
  const { w } = useWords();
  const { busy, change } = useSafetyChange();
  const earliest = one.preserve_until.slice(0, 10);
  const [day, setDay] = useState('');
  const [reason, setReason] = useState('');
  const send = async () => {
    const body = { until: new Date(`${day}T23:59:59.000Z`).toISOString(), reason: reason.trim() };
    if (await change(() => post(`${addressOf(one.id)}/preserve`, body))) onClose();
  };
  return (
    <FormDialog
      open
      title={w.safety.preserve}
      action={w.safety.preserve}
      ready={!busy && day >= earliest && reason.trim().length >= 3}
      onClose={onClose}
      onDone={() => void send()}
    >
      <DayField label={w.safety.until} value={day} onChange={setDay} earliest={earliest} required />
      <Reason value={reason} max={500} onChange={setReason} />
    </FormDialog>
  );
}

function MissingDialog({ one, onClose }: DialogProps) {
  const { w } = useWords();
  const { busy, change } = useSafetyChange();
  const [file, setFile] = useState<EvidenceFileName>('source');
  const [reason, setReason] = useState('');
  const send = async () => {
    if (await change(() => post(`${addressOf(one.id)}/missing`, { file, reason: reason.trim() }))) onClose();
  };
  return (
    <FormDialog
      open
      danger
      title={w.safety.missing}
      action={w.safety.missing}
      ready={!busy && reason.trim().length >= 3}
      onClose={onClose}
      onDone={() => void send()}
    >
      <Typography variant="body2">{w.safety.missingHelp}</Typography>
      <Choice label={w.safety.file} value={file} names={w.safety.fileNames} onChange={setFile} />
      <Reason value={reason} max={500} onChange={setReason} />
    </FormDialog>
  );
}

function SendDialog({ one, onClose }: DialogProps) {
  const { w } = useWords();
  const { busy, change } = useSafetyChange();
  const send = async () => {
    if (await change(() => post(`${addressOf(one.id)}/send`))) onClose();
  };
  return (
    <FormDialog
      open
      danger
      title={w.safety.send}
      action={w.safety.send}
      ready={!busy}
      onClose={onClose}
      onDone={() => void send()}
    >
      <Typography variant="body2">{w.safety.sendHelp}</Typography>
    </FormDialog>
  );
}

const DIALOGS = { decide: DecideDialog, preserve: PreserveDialog, missing: MissingDialog, send: SendDialog };

/** What can be done with a case; nothing of it releases anything. */
export function CaseActions({ one }: { one: DeskSafetyCase }) {
  const { w } = useWords();
  const [act, setAct] = useState<keyof typeof DIALOGS | null>(null);
  const destroyed = one.preservation === 'destroyed';
  const decides = may('child_safety.decide') && !destroyed;
  const open = ['open', 'dismissed', 'to_report'].includes(one.state);
  const Dialog = act && DIALOGS[act];
  return (
    <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
      {decides && open && (
        <Button variant="contained" onClick={() => setAct('decide')}>
          {w.safety.decide}
        </Button>
      )}
      {may('child_safety.send') && !destroyed && ['to_report', 'sending'].includes(one.state) && (
        <Button variant="contained" color="error" onClick={() => setAct('send')}>
          {w.safety.send}
        </Button>
      )}
      {decides && <Button onClick={() => setAct('preserve')}>{w.safety.preserve}</Button>}
      {decides && !one.sealed && (
        <Button color="error" onClick={() => setAct('missing')}>
          {w.safety.missing}
        </Button>
      )}
      {Dialog && <Dialog one={one} onClose={() => setAct(null)} />}
    </Box>
  );
}
