import { DSA_COLUMNS, type DsaStatement } from '#contracts';

/** A field after RFC 4180: quoted where it has to be, quotes doubled. */
function field(value: string | readonly string[] | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The header of the database's bulk files, with its line end. */
export const DSA_HEADER = `${DSA_COLUMNS.join(',')}\r\n`;

/** One statement as a line of the database's bulk files, with its line end. The `uuid` is the database's to give. */
export function dsaLine(statement: DsaStatement, platform: string, createdAt: Date): string {
  const cells: Partial<Record<string, string | string[]>> = {
    ...statement,
    platform_name: platform,
    platform_uid: statement.puid,
    created_at: createdAt.toISOString().slice(0, 19).replace('T', ' '),
  };
  return `${DSA_COLUMNS.map((column) => field(cells[column])).join(',')}\r\n`;
}
