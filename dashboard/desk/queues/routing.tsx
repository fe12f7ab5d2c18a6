import ArrowDownwardIcon from '@mui/icons-material/ArrowDownward';
import ArrowUpwardIcon from '@mui/icons-material/ArrowUpward';
import { Alert, Box, Button, Card, IconButton, TextField, Typography } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { QueueView, Routing, RoutingRule, RoutingTest } from '#contracts';
import { useWords } from '../i18n.js';
import { Fault } from '../parts/fault.js';
import { Panel } from '../parts/panel.js';
import { useChange } from '../parts/use-change.js';
import { may } from '../session.js';
import { get, post, put } from '../wire.js';
import { RuleDialog } from './rule-dialog.js';
import { moved, sameRules } from './rules.js';

/** What a rule asks for, in words. */
function useConditions(): (rule: RoutingRule) => string {
  const { w } = useWords();
  return ({ when }) => {
    const parts = [
      when.kinds && when.kinds.map((kind) => w.kinds[kind]).join(` ${w.or} `),
      when.categories && when.categories.map((category) => w.categories[category]).join(` ${w.or} `),
      when.languages && `${w.routing.language} ${when.languages.join(` ${w.or} `)}`,
      when.tenants && `${w.routing.tenant} ${when.tenants.join(` ${w.or} `)}`,
      when.min_severity && w.routing.severityFrom(when.min_severity),
    ].filter(Boolean);
    return parts.length ? parts.join(', ') : w.routing.all;
  };
}

function Rule({
  rule,
  index,
  count,
  queue,
  editable,
  onMove,
  onEdit,
  onRemove,
  onDrop,
}: {
  rule: RoutingRule;
  index: number;
  count: number;
  queue: string;
  editable: boolean;
  onMove: (by: number) => void;
  onEdit: () => void;
  onRemove: () => void;
  onDrop: (from: number) => void;
}) {
  const { w } = useWords();
  const conditions = useConditions();
  return (
    <Card
      component="li"
      draggable={editable}
      onDragStart={({ dataTransfer }) => dataTransfer.setData('text/plain', String(index))}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDrop(Number(event.dataTransfer.getData('text/plain')));
      }}
      sx={{ display: 'flex', alignItems: 'center', gap: 1, p: 1, mb: 0.75, cursor: editable ? 'grab' : 'default' }}
    >
      <Typography sx={{ width: 28, textAlign: 'right', fontWeight: 650 }}>{index + 1}</Typography>
      <Box sx={{ flexGrow: 1 }}>
        <Typography sx={{ fontWeight: 650 }}>{rule.name}</Typography>
        <Typography variant="body2" color="textSecondary">
          {conditions(rule)} → <strong>{queue}</strong>
        </Typography>
      </Box>
      {editable && (
        <>
          <IconButton aria-label={w.routing.up(rule.name)} disabled={index === 0} onClick={() => onMove(-1)}>
            <ArrowUpwardIcon fontSize="small" />
          </IconButton>
          <IconButton aria-label={w.routing.down(rule.name)} disabled={index === count - 1} onClick={() => onMove(1)}>
            <ArrowDownwardIcon fontSize="small" />
          </IconButton>
          <Button size="small" onClick={onEdit} aria-label={`${w.edit} ${rule.name}`}>
            {w.edit}
          </Button>
          <Button size="small" color="error" onClick={onRemove} aria-label={`${w.remove} ${rule.name}`}>
            {w.remove}
          </Button>
        </>
      )}
    </Card>
  );
}

/** Where one case would go under the rules on the screen, saved or not. */
function TestRules({ rules }: { rules: readonly RoutingRule[] }) {
  const { w } = useWords();
  const [caseId, setCaseId] = useState('');
  const [result, setResult] = useState<RoutingTest | null>(null);
  const [error, setError] = useState<unknown>(null);
  const test = async () => {
    setError(null);
    try {
      setResult(await post<RoutingTest>('/v1/desk/routing/test', { case_id: caseId.trim(), rules }));
    } catch (e) {
      setResult(null);
      setError(e);
    }
  };
  return (
    <Box
      component="form"
      sx={{ mt: 2 }}
      onSubmit={(event) => {
        event.preventDefault();
        void test();
      }}
    >
      <Box sx={{ display: 'flex', gap: 1 }}>
        <TextField
          label={w.routing.caseId}
          value={caseId}
          onChange={({ target }) => setCaseId(target.value)}
          sx={{ minWidth: 320 }}
        />
        <Button type="submit" variant="outlined" disabled={!caseId.trim()}>
          {w.routing.test}
        </Button>
      </Box>
      <Fault error={error} />
      <div role="status">
        {result && (
          <Alert severity="info" sx={{ mt: 1 }}>
            {w.routing.goesTo(result.queue.name)}
            <ul>
              {result.steps.map((step, i) => (
                <li key={i}>
                  {step.fits ? '✓' : '✗'} {rules.find(({ id }) => id === step.rule)?.name ?? step.rule}: {step.because}
                </li>
              ))}
              {result.rule === null && <li>{w.routing.noRule}</li>}
            </ul>
          </Alert>
        )}
      </div>
    </Box>
  );
}

function Editor({ routing, queues }: { routing: Routing; queues: readonly QueueView[] }) {
  const { w } = useWords();
  const { busy, change } = useChange('routing', 'queues', 'cases');
  const [rules, setRules] = useState<RoutingRule[]>(routing.rules);
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const editable = may('routing.edit');
  const changed = !sameRules(rules, routing.rules);
  const nameOf = (id: string) => queues.find((queue) => queue.id === id)?.name ?? id;
  const keep = (rule: RoutingRule) => {
    setRules(editing === 'new' ? [...rules, rule] : rules.map((old, i) => (i === editing ? rule : old)));
    setEditing(null);
  };
  return (
    <>
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {rules.map((rule, i) => (
          <Rule
            key={rule.id ?? `${rule.name} ${i}`}
            {...{ rule, editable }}
            index={i}
            count={rules.length}
            queue={nameOf(rule.queue)}
            onMove={(by) => setRules(moved(rules, i, by))}
            onDrop={(from) => setRules(moved(rules, from, i - from))}
            onEdit={() => setEditing(i)}
            onRemove={() => setRules(rules.filter((_, other) => other !== i))}
          />
        ))}
        <Typography component="li" variant="body2" sx={{ p: 1 }}>
          {w.routing.otherwise} <strong>{nameOf(routing.default_queue)}</strong>
        </Typography>
      </Box>
      {editable && (
        <Box sx={{ display: 'flex', gap: 1 }}>
          <Button variant="outlined" onClick={() => setEditing('new')}>
            {w.routing.add}
          </Button>
          <Button
            variant="contained"
            disabled={!changed || busy}
            onClick={() =>
              void change(() => put('/v1/desk/routing', { version: routing.version, rules }), w.routing.saved)
            }
          >
            {w.save}
          </Button>
          {changed && <Button onClick={() => setRules(routing.rules)}>{w.routing.discard}</Button>}
        </Box>
      )}
      <TestRules rules={rules} />
      {editing !== null && (
        <RuleDialog
          rule={editing === 'new' ? null : rules[editing]!}
          queues={queues}
          onClose={() => setEditing(null)}
          onDone={keep}
        />
      )}
    </>
  );
}

/** The ordered rules: the first that fits decides. */
export function RoutingPanel({ queues }: { queues: readonly QueueView[] }) {
  const { w } = useWords();
  const { data, error } = useQuery({
    queryKey: ['routing'],
    queryFn: () => get<Routing>('/v1/desk/routing'),
    refetchOnWindowFocus: false,
  });
  return (
    <Panel title={w.routing.title}>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
        {w.routing.intro}
      </Typography>
      <Fault error={error} />
      {data && <Editor key={data.version} routing={data} queues={queues} />}
    </Panel>
  );
}
