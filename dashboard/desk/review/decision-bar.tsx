import {
  Box,
  Button,
  Checkbox,
  FormControlLabel,
  Paper,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
  Typography,
} from '@mui/material';
import { useEffect, useRef, type ReactNode } from 'react';
import type { CaseOutcome, Category } from '#contracts';
import { useWords } from '../i18n.js';
import {
  CATEGORY_KEYS,
  chooseCategory,
  chooseOutcome,
  limited,
  OUTCOME_KEYS,
  type Choices,
  type Flow,
} from './keys.js';

/** A key as it is shown on what it does. */
function Key({ children }: { children: ReactNode }) {
  return (
    <Box
      component="kbd"
      sx={{
        border: 1,
        borderColor: 'currentColor',
        borderRadius: 0.5,
        px: 0.6,
        mr: 0.75,
        fontSize: 12,
        fontFamily: 'inherit',
        lineHeight: 1.4,
      }}
    >
      {children}
    </Box>
  );
}

const OUTCOMES = Object.keys(OUTCOME_KEYS) as CaseOutcome[];
const CATEGORIES = Object.keys(CATEGORY_KEYS) as Category[];
const COLOURS = {
  release: 'success',
  release_limited: 'warning',
  refuse: 'error',
  escalate: 'primary',
  child_safety: 'secondary',
} as const;

interface StepProps {
  flow: Flow;
  choices: Choices;
  onFlow: (flow: Flow) => void;
}

/** One step of the decision; takes the focus when it comes, so that it is read out and keys go on working. */
function Step({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus({ preventScroll: true }), [title]);
  return (
    <Box
      ref={place}
      tabIndex={-1}
      role="group"
      aria-label={`${title}. ${hint}`}
      sx={{ px: 2, py: 1, borderBottom: 1, borderColor: 'divider', outline: 'none' }}
    >
      <Typography variant="h2" component="h2" sx={{ mb: 0.75 }}>
        {title}{' '}
        <Typography component="span" variant="body2" color="textSecondary">
          {hint}
        </Typography>
      </Typography>
      {children}
    </Box>
  );
}

function LimitsStep({ flow, onFlow, choices }: StepProps) {
  const { w } = useWords();
  const { limits } = flow;
  const set = (some: Partial<Flow['limits']>) => onFlow({ ...flow, limits: { ...limits, ...some } });
  return (
    <Step title={w.review.chooseLimits} hint={w.review.limitsHint}>
      <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={limits.age_gate}
          onChange={(_, age: 13 | 16 | 18 | null) => set({ age_gate: age })}
          aria-label={w.review.ageGate}
        >
          {([13, 16, 18] as const).map((age, i) => (
            <ToggleButton key={age} value={age}>
              <Key>{i + 1}</Key>
              {w.review.fromAge(age)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <FormControlLabel
          control={<Checkbox checked={limits.label} onChange={(_, label) => set({ label })} />}
          label={
            <>
              <Key>w</Key>
              {w.review.warnViewers}
            </>
          }
        />
        <FormControlLabel
          control={<Checkbox checked={limits.no_remix} onChange={(_, no_remix) => set({ no_remix })} />}
          label={
            <>
              <Key>x</Key>
              {w.review.noRemix}
            </>
          }
        />
        <Button
          variant="contained"
          disabled={!limited(limits)}
          onClick={() => onFlow({ ...chooseOutcome(flow, 'release_limited', choices), step: 'category' })}
        >
          {w.review.goOn}
        </Button>
      </Box>
    </Step>
  );
}

function CategoryStep({ flow, choices, onFlow }: StepProps) {
  const { w } = useWords();
  return (
    <Step title={w.review.chooseCategory} hint={w.review.categoryHint(w.categories[flow.category!])}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
        {CATEGORIES.map((category) => (
          <Button
            key={category}
            size="small"
            variant={category === flow.category ? 'contained' : 'outlined'}
            aria-pressed={category === flow.category}
            title={w.definitions[category]}
            onClick={() => onFlow(chooseCategory(flow, category, choices))}
          >
            <Key>{CATEGORY_KEYS[category]}</Key>
            {w.categories[category]}
          </Button>
        ))}
      </Box>
    </Step>
  );
}

function ReasonStep({ flow, choices, onFlow, onWrite }: StepProps & { onWrite: () => void }) {
  const { w } = useWords();
  return (
    <Step title={w.review.chooseReason} hint={w.review.reasonHint}>
      <Box sx={{ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: 0.25 }}>
        {choices.reasons(flow.outcome!, flow.category!).map((reason, i) => (
          <Button
            key={reason}
            size="small"
            variant={reason === flow.reason ? 'outlined' : 'text'}
            aria-pressed={reason === flow.reason}
            onClick={() => onFlow({ ...flow, reason, step: 'ready' })}
            sx={{ textAlign: 'left' }}
          >
            <Key>{i + 1}</Key>
            {reason}
          </Button>
        ))}
        <Button size="small" onClick={onWrite}>
          <Key>t</Key>
          {w.review.writeReason}
        </Button>
      </Box>
    </Step>
  );
}

function ReadyStep({
  flow,
  onFlow,
  onSubmit,
  busy,
  reasonField,
}: StepProps & { onSubmit: () => void; busy: boolean; reasonField: React.RefObject<HTMLInputElement | null> }) {
  const { w } = useWords();
  return (
    <Step title={`${w.outcomes[flow.outcome!]} · ${w.categories[flow.category!]}`} hint={w.review.readyHint}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
        <TextField
          label={w.review.reason}
          value={flow.reason}
          inputRef={reasonField}
          onChange={({ target }) => onFlow({ ...flow, reason: target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            if (flow.reason.trim().length >= 3) onSubmit();
          }}
          multiline
          maxRows={3}
          fullWidth
          slotProps={{ htmlInput: { maxLength: 2000 } }}
        />
        <Button
          variant="contained"
          size="large"
          disabled={busy || flow.reason.trim().length < 3}
          onClick={onSubmit}
          sx={{ whiteSpace: 'nowrap' }}
        >
          <Key>↵</Key>
          {w.review.submit}
        </Button>
      </Box>
    </Step>
  );
}

/** The actions, always in sight, and the step that the decision is at above them. */
export function DecisionBar(
  props: StepProps & {
    busy: boolean;
    reasonField: React.RefObject<HTMLInputElement | null>;
    onSubmit: () => void;
    onWrite: () => void;
    onHelp: () => void;
    children?: ReactNode;
  },
) {
  const { w } = useWords();
  const { flow, choices, onFlow, onHelp, children } = props;
  return (
    <Paper component="section" square aria-label={w.review.decision} sx={{ borderTop: 1, borderColor: 'divider' }}>
      {flow.step === 'limits' && <LimitsStep {...props} />}
      {flow.step === 'category' && <CategoryStep {...props} />}
      {flow.step === 'reason' && <ReasonStep {...props} />}
      {flow.step === 'ready' && <ReadyStep {...props} />}
      <Box sx={{ display: 'flex', gap: 1, px: 2, py: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        {OUTCOMES.map((outcome) => (
          <Button
            key={outcome}
            color={COLOURS[outcome]}
            variant={flow.outcome === outcome && flow.step !== 'look' ? 'contained' : 'outlined'}
            aria-pressed={flow.outcome === outcome && flow.step !== 'look'}
            disabled={!choices.outcomes.includes(outcome)}
            onClick={() => onFlow(chooseOutcome(flow, outcome, choices))}
          >
            <Key>{OUTCOME_KEYS[outcome]}</Key>
            {w.outcomes[outcome]}
          </Button>
        ))}
        {children}
        <Box sx={{ flexGrow: 1 }} />
        <Button color="inherit" onClick={onHelp}>
          <Key>?</Key>
          {w.review.keys}
        </Button>
      </Box>
    </Paper>
  );
}
