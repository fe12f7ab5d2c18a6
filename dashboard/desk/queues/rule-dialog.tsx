import { TextField } from '@mui/material';
import { useState } from 'react';
import type { CaseKind, Category, QueueView, RoutingRule } from '#contracts';
import { useWords } from '../i18n.js';
import { Choice, Choices } from '../parts/choice.js';
import { FormDialog } from '../parts/form-dialog.js';
import { ruleOf } from './rules.js';

/** One rule. What is left empty is not asked for. */
export function RuleDialog({
  rule,
  queues,
  onClose,
  onDone,
}: {
  rule: RoutingRule | null;
  queues: readonly QueueView[];
  onClose: () => void;
  onDone: (rule: RoutingRule) => void;
}) {
  const { w } = useWords();
  const [name, setName] = useState(rule?.name ?? '');
  const [queue, setQueue] = useState(rule?.queue ?? queues[0]?.id ?? '');
  const [kinds, setKinds] = useState<CaseKind[]>(rule?.when.kinds ?? []);
  const [categories, setCategories] = useState<Category[]>(rule?.when.categories ?? []);
  const [languages, setLanguages] = useState(rule?.when.languages?.join(' ') ?? '');
  const [tenants, setTenants] = useState(rule?.when.tenants?.join(' ') ?? '');
  const [severity, setSeverity] = useState(String(rule?.when.min_severity ?? ''));
  const done = () => onDone(ruleOf({ id: rule?.id, name, queue, kinds, categories, languages, tenants, severity }));
  return (
    <FormDialog
      open
      title={rule ? w.routing.editRule : w.routing.add}
      action={w.routing.keep}
      ready={name.trim() !== '' && queue !== ''}
      onClose={onClose}
      onDone={done}
    >
      <TextField
        label={w.routing.name}
        value={name}
        onChange={({ target }) => setName(target.value)}
        required
        autoFocus
        slotProps={{ htmlInput: { maxLength: 80 } }}
      />
      <Choices label={w.cases.kind} values={kinds} names={w.kinds} onChange={setKinds} />
      <Choices label={w.category} values={categories} names={w.categories} onChange={setCategories} />
      <TextField
        label={w.routing.languages}
        value={languages}
        onChange={({ target }) => setLanguages(target.value)}
        helperText={w.routing.languagesHelp}
      />
      <TextField label={w.routing.tenants} value={tenants} onChange={({ target }) => setTenants(target.value)} />
      <Choice
        label={w.routing.severity}
        value={severity}
        names={{ '1': '1', '2': '2', '3': '3', '4': '4', '5': '5' }}
        none="–"
        onChange={setSeverity}
      />
      <Choice
        label={w.routing.to}
        value={queue}
        names={Object.fromEntries(queues.map(({ id, name: title }) => [id, title]))}
        onChange={setQueue}
      />
    </FormDialog>
  );
}
