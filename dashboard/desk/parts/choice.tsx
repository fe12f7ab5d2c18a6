import { MenuItem, TextField } from '@mui/material';

/** One of a few named things. Native lists work everywhere: with keys, voices and small screens. */
export function Choice<Id extends string>({
  label,
  value,
  names,
  onChange,
  none,
}: {
  label: string;
  value: Id | '';
  names: Readonly<Record<string, string>>;
  onChange: (value: Id) => void;
  none?: string;
}) {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={({ target }) => onChange(target.value as Id)}
      sx={{ minWidth: 160 }}
    >
      {none !== undefined && <MenuItem value="">{none}</MenuItem>}
      {Object.entries(names).map(([id, name]) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** Any of a few named things. */
export function Choices<Id extends string>({
  label,
  values,
  names,
  onChange,
}: {
  label: string;
  values: readonly Id[];
  names: Readonly<Record<string, string>>;
  onChange: (values: Id[]) => void;
}) {
  return (
    <TextField
      select
      label={label}
      value={values}
      onChange={({ target }) => onChange(target.value as unknown as Id[])}
      slotProps={{ select: { multiple: true } }}
      sx={{ minWidth: 200 }}
    >
      {Object.entries(names).map(([id, name]) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}
