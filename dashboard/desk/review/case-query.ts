import { queryOptions } from '@tanstack/react-query';
import type { CaseView } from '#contracts';
import { get } from '../wire.js';

/** How a case is read: once, and again only when somebody says so, for each look is on record. */
export const loadCase = (id: string) =>
  queryOptions({
    queryKey: ['case', id],
    queryFn: () => get<CaseView>(`/v1/desk/cases/${encodeURIComponent(id)}`),
    staleTime: Infinity,
    gcTime: 5_000,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
