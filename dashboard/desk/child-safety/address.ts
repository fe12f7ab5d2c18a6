/** Address of a case. */
export const addressOf = (id: string) => `/v1/desk/child-safety/cases/${encodeURIComponent(id)}`;
