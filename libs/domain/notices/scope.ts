/** One page of a list that was read with one row more than asked for. */
export function pageOf<T, V>(rows: readonly T[], limit: number, idOf: (row: T) => string, views: V[]) {
  const has_more = rows.length > limit;
  return { object: 'list' as const, data: views, has_more, next: has_more ? idOf(rows[limit - 1]!) : null };
}
