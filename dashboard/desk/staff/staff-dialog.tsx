import { TextField } from '@mui/material';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Category, QueueList, StaffInvitation, StaffMember, StaffRole } from '#contracts';
import { useWords } from '../i18n.js';
import { Choice, Choices } from '../parts/choice.js';
import { FormDialog } from '../parts/form-dialog.js';
import { useChange } from '../parts/use-change.js';
import { get, post, put } from '../wire.js';

/** Somebody new, or what somebody may do and where. An empty list of limits is no limit. */
export function StaffDialog({
  member,
  onClose,
  onInvited,
}: {
  member: StaffMember | null;
  onClose: () => void;
  onInvited: (invitation: StaffInvitation) => void;
}) {
  const { w } = useWords();
  const { busy, change } = useChange('staff');
  const { data } = useQuery({ queryKey: ['queues'], queryFn: () => get<QueueList>('/v1/desk/queues') });
  const [email, setEmail] = useState(member?.email ?? '');
  const [name, setName] = useState(member?.name ?? '');
  const [roles, setRoles] = useState<StaffRole[]>(member?.roles ?? ['reviewer']);
  const [locale, setLocale] = useState<'en' | 'fr'>(member?.locale ?? 'en');
  const [queues, setQueues] = useState(member?.queues ?? []);
  const [categories, setCategories] = useState<Category[]>(member?.categories ?? []);
  const save = async () => {
    const body = {
      name: name.trim(),
      roles,
      locale,
      queues: queues.length ? queues : null,
      categories: categories.length ? categories : null,
    };
    const done = await change(async () => {
      if (member) await put(`/v1/desk/staff/${member.id}`, body);
      else onInvited(await post<StaffInvitation>('/v1/desk/staff', { ...body, email }));
    });
    if (done) onClose();
  };
  return (
    <FormDialog
      open
      title={member ? `${w.edit} ${member.name}` : w.staff.invite}
      action={member ? w.save : w.staff.invite}
      ready={!busy && name.trim() !== '' && roles.length > 0 && (member !== null || email.includes('@'))}
      onClose={onClose}
      onDone={() => void save()}
    >
      {!member && (
        <TextField
          label={w.signIn.email}
          type="email"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
          required
          autoFocus
        />
      )}
      <TextField
        label={w.staff.name}
        value={name}
        onChange={({ target }) => setName(target.value)}
        required
        slotProps={{ htmlInput: { maxLength: 100 } }}
      />
      <Choices label={w.staff.roles} values={roles} names={w.roles} onChange={setRoles} />
      <Choice label={w.staff.language} value={locale} names={{ en: 'English', fr: 'Français' }} onChange={setLocale} />
      <Choices
        label={w.staff.onlyQueues}
        values={queues}
        names={Object.fromEntries((data?.data ?? []).map(({ id, name: title }) => [id, title]))}
        onChange={setQueues}
      />
      <Choices label={w.staff.onlyCategories} values={categories} names={w.categories} onChange={setCategories} />
    </FormDialog>
  );
}
