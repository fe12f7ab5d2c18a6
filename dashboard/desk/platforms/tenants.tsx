import { useQuery } from '@tanstack/react-query';
import type { DeskTenant } from '#contracts';
import { useWords } from '../i18n.js';
import { Choice } from '../parts/choice.js';
import { get } from '../wire.js';

/** Platforms to choose from, and the only one where there is one. */
export function useTenants(): { names: Record<string, string>; only: string } {
  const { data } = useQuery({
    queryKey: ['tenants'],
    queryFn: () => get<{ data: DeskTenant[] }>('/v1/desk/tenants'),
  });
  const tenants = data?.data ?? [];
  return {
    names: Object.fromEntries(tenants.map(({ id, name }) => [id, name])),
    only: tenants.length === 1 ? tenants[0]!.id : '',
  };
}

/** Which platform something is for. */
export function TenantChoice({
  value,
  names,
  onChange,
}: {
  value: string;
  names: Readonly<Record<string, string>>;
  onChange: (id: string) => void;
}) {
  const { w } = useWords();
  // Until the names are there, nothing is chosen.
  return <Choice label={w.makers.tenant} value={names[value] ? value : ''} names={names} onChange={onChange} />;
}
