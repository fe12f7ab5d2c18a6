import { Box, Button, Chip, TextField, Typography } from '@mui/material';
import { useState, type RefObject } from 'react';
import type { CaseView } from '#contracts';
import { Foreign } from '../../shared/foreign.js';
import { decimal, percent, when } from '../format.js';
import { useWords } from '../i18n.js';
import { GrantWords } from '../likeness/grant.js';
import { Fault } from '../parts/fault.js';
import { Facts, Panel } from '../parts/panel.js';
import { post } from '../wire.js';

function Prompt({ view }: { view: CaseView }) {
  const { w } = useWords();
  return (
    <Panel title={w.review.prompt}>
      <Typography sx={{ overflowWrap: 'anywhere' }}>
        <Foreign text={view.prompt} max={4000} />
      </Typography>
      {view.effective_prompt !== view.prompt && (
        <Box component="details" sx={{ mt: 0.5, fontSize: 13 }}>
          <summary>{w.review.wholePrompt}</summary>
          <Foreign text={view.effective_prompt} max={8000} />
        </Box>
      )}
    </Panel>
  );
}

function MakerPanel({ view: { maker } }: { view: CaseView }) {
  const { w, lang } = useWords();
  if (!maker) return <Panel title={w.review.maker}>{w.review.noMaker}</Panel>;
  const { clips } = maker;
  return (
    <Panel title={w.review.maker}>
      <Facts
        facts={[
          [w.review.name, <Foreign key="n" text={maker.id} max={80} />],
          [w.review.age, w.audiences[maker.audience]],
          [w.review.since, when(maker.since, lang)],
          [w.review.clips, w.review.clipCounts(clips.total, clips.released, clips.held, clips.refused)],
        ]}
      />
      {maker.latest.length > 0 && (
        <Box component="details" sx={{ mt: 0.75, fontSize: 13 }}>
          <summary>{w.review.latest(maker.latest.length)}</summary>
          <Box component="ul" sx={{ m: 0, pl: 2 }}>
            {maker.latest.map(({ at, state, categories, by }, i) => (
              <li key={i}>
                {when(at, lang)}: {(w.clipStates as Partial<Record<string, string>>)[state] ?? state}
                {categories.length > 0 &&
                  ` (${categories.map((c) => (w.categories as Partial<Record<string, string>>)[c] ?? c).join(', ')})`}
                {by !== 'none' && `, ${w.review.decidedBy[by]}`}
              </li>
            ))}
          </Box>
        </Box>
      )}
    </Panel>
  );
}

function LikenessPanel({ view: { likeness, faces } }: { view: CaseView }) {
  const { w } = useWords();
  return (
    <Panel title={w.review.likeness}>
      {likeness.length === 0 && (
        <Typography variant="body2">{faces.length ? w.review.strangers(faces.length) : w.review.nobody}</Typography>
      )}
      {likeness.map((person) => (
        <Box key={person.id} sx={{ mb: 1 }}>
          <Typography variant="body2">
            <strong>
              <Foreign text={person.name} max={80} />
            </strong>
            , {w.review.how[person.how]}
          </Typography>
          {person.state !== 'enrolled' && (
            <Typography variant="body2" color="error">
              ✗ {w.people.notNow[person.state]}
            </Typography>
          )}
          {person.grant ? (
            <GrantWords grant={person.grant} lead />
          ) : (
            <Typography variant="body2" color="error">
              {w.review.noGrant}
            </Typography>
          )}
        </Box>
      ))}
    </Panel>
  );
}

function ProvenancePanel({ view: { provenance: p, clip } }: { view: CaseView }) {
  const { w, lang } = useWords();
  return (
    <Panel title={w.review.provenance}>
      <Facts
        facts={[
          [w.review.engine, `${p.engine} · ${p.model}`],
          [w.review.clip, <code key="c">{clip.id}</code>],
          [w.review.asked, when(clip.created_at, lang)],
          ...(p.made_from ? [[w.review.madeFrom, `${p.made_from.how} ${p.made_from.clip_id}`] as const] : []),
          [w.review.watermark, w.review.layers[p.watermark]],
          [w.review.credentials, w.review.layers[p.credentials]],
          [w.review.log, p.log_index === null ? w.review.layers[p.log] : `${w.review.layers[p.log]} (${p.log_index})`],
        ]}
      />
    </Panel>
  );
}

function MatchesPanel({ view: { matches } }: { view: CaseView }) {
  const { w, lang } = useWords();
  if (!matches.length) return null;
  return (
    <Panel title={w.review.matches}>
      {matches.map(({ bank, distance, share, label }, i) => (
        <Typography key={i} variant="body2">
          {bank.name}
          {label && ` (${label})`}: {w.review.distance(distance)}, {percent(share, lang)}
        </Typography>
      ))}
    </Panel>
  );
}

/** What others said: hidden by the service until this reader may know it. Two readings stand side by side. */
export function Readings({ view }: { view: CaseView }) {
  const { w, lang } = useWords();
  const others = view.readings.filter(({ state }) => state !== 'undone');
  if (!others.length)
    return view.stage === 'second' ? (
      <Panel title={w.review.readings}>
        <Typography variant="body2">{w.review.blind}</Typography>
      </Panel>
    ) : null;
  return (
    <Panel
      title={w.review.readings}
      aside={view.stage === 'arbiter' && <Chip size="small" label={w.review.disagree} color="warning" />}
    >
      <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: others.length > 1 ? '1fr 1fr' : '1fr' }}>
        {others.map((one) => (
          <Box key={one.id} sx={{ border: 1, borderColor: 'divider', borderRadius: 1, p: 1 }}>
            <Typography variant="h3" component="h3">
              {w.stages[one.stage]}: {w.outcomes[one.outcome]}
            </Typography>
            <Typography variant="body2" color="textSecondary">
              {one.reader.name}, {when(one.at, lang)}
            </Typography>
            <Typography variant="body2">{w.categories[one.category]}</Typography>
            <Typography variant="body2">
              <Foreign text={one.reason} max={2000} />
            </Typography>
            <Typography variant="caption" color="textSecondary">
              {w.readingStates[one.state]} · {w.review.sawFor(decimal(one.unblurred_ms / 1000, lang, 1))}
            </Typography>
          </Box>
        ))}
      </Box>
    </Panel>
  );
}

function Notes({
  view,
  field,
  onView,
}: {
  view: CaseView;
  field: RefObject<HTMLInputElement | null>;
  onView: (view: CaseView) => void;
}) {
  const { w, lang } = useWords();
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  const send = async () => {
    try {
      onView(await post<CaseView>(`/v1/desk/cases/${view.id}/note`, { text }));
      setText('');
      setError(null);
      field.current?.blur();
    } catch (e) {
      setError(e);
    }
  };
  if (!view.may.note && !view.notes.length) return null;
  return (
    <Panel title={w.review.notes}>
      {view.notes.map((note) => (
        <Typography key={note.id} variant="body2" sx={{ mb: 0.5 }}>
          <strong>{note.by.name}</strong>, {when(note.at, lang)}: <Foreign text={note.text} max={2000} />
        </Typography>
      ))}
      {view.may.note && (
        <Box
          component="form"
          sx={{ display: 'flex', gap: 1, mt: 0.5 }}
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) void send();
          }}
        >
          <TextField
            label={w.review.note}
            value={text}
            onChange={({ target }) => setText(target.value)}
            inputRef={field}
            fullWidth
            slotProps={{ htmlInput: { maxLength: 2000 } }}
          />
          <Button type="submit" variant="outlined" disabled={!text.trim()}>
            {w.save}
          </Button>
        </Box>
      )}
      <Fault error={error} />
    </Panel>
  );
}

/** What surrounds the clip: words, people, marks, what was said before. */
export function Rail({
  view,
  noteField,
  onView,
}: {
  view: CaseView;
  noteField: RefObject<HTMLInputElement | null>;
  onView: (view: CaseView) => void;
}) {
  return (
    <>
      <Readings view={view} />
      <Prompt view={view} />
      <MakerPanel view={view} />
      <LikenessPanel view={view} />
      <MatchesPanel view={view} />
      <ProvenancePanel view={view} />
      <Notes view={view} field={noteField} onView={onView} />
    </>
  );
}
