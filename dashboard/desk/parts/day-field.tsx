import { TextField } from '@mui/material';

/** A day to choose. @param earliest first one that may be chosen (YYYY-MM-DD) */
export function DayField({
  label,
  value,
  onChange,
  earliest,
  required,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
  earliest?: string;
  required?: boolean;
}) {
  return (
    <TextField
      type="date"
      label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      slotProps={{ inputLabel: { shrink: true }, ...(earliest && { htmlInput: { min: earliest } }) }}
      required={required}
    />
  );
}
