import type { DataProvider, GetListParams, RaRecord } from 'react-admin';
import { get, post, put, query } from './wire.js';

interface Page {
  data: RaRecord[];
  has_more?: boolean;
  next?: string | null;
  total?: number;
}

/** What a list of the desk can be asked for, and whether its pages follow a cursor. */
const LISTS: Record<string, { path: string; cursor?: (page: Page) => string | null | undefined }> = {
  cases: { path: '/v1/desk/cases', cursor: ({ next }) => next },
};

const list = (resource: string) => {
  const known = LISTS[resource];
  if (!known) throw new Error(`no list ${resource}`);
  return known;
};

/** Cursor of each page that was seen, by what was asked for. */
const cursors = new Map<string, string[]>();

async function getList(resource: string, params: Partial<GetListParams>) {
  const { path, cursor } = list(resource);
  const { page = 1, perPage = 25 } = params.pagination ?? {};
  const filter = (params.filter ?? {}) as Record<string, string>;
  const asked = {
    ...filter,
    ...(cursor && { limit: perPage }),
  };
  if (!cursor) {
    const { data } = await get<Page>(path + query(asked));
    return { data: data.slice((page - 1) * perPage, page * perPage), total: data.length };
  }
  const key = `${resource}${query(asked)}`;
  const after = cursors.get(key) ?? [];
  // A page that nobody came to step by step has no cursor: it begins anew.
  const answer = await get<Page>(path + query({ ...asked, after: page > 1 ? after[page - 2] : undefined }));
  const next = cursor(answer);
  if (answer.has_more && next) after[page - 1] = next;
  cursors.set(key, after);
  const pageInfo = { hasNextPage: answer.has_more ?? false, hasPreviousPage: page > 1 };
  return { data: answer.data, pageInfo, ...(answer.total !== undefined && { total: answer.total }) };
}

const notHere = (what: string) => async (): Promise<never> => {
  throw new Error(`the desk does not ${what}`);
};

/** The desk's lists, for react-admin. */
export const dataProvider = {
  getList,
  getOne: async (resource: string, { id }: { id: string }) => ({
    data: await get<RaRecord>(`${list(resource).path}/${encodeURIComponent(id)}`),
  }),
  getMany: async (resource: string, { ids }: { ids: string[] }) => ({
    data: await Promise.all(ids.map((id) => get<RaRecord>(`${list(resource).path}/${encodeURIComponent(id)}`))),
  }),
  create: async (resource: string, { data }: { data: object }) => ({
    data: await post<RaRecord>(list(resource).path, data),
  }),
  update: async (resource: string, { id, data }: { id: string; data: object }) => ({
    data: await put<RaRecord>(`${list(resource).path}/${encodeURIComponent(id)}`, data),
  }),
  getManyReference: notHere('list by reference'),
  updateMany: notHere('change many at once'),
  delete: notHere('delete'),
  deleteMany: notHere('delete'),
} as unknown as DataProvider;
