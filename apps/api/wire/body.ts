/**
 * A request body as a fresh plain object, whether it came as JSON or as form fields. Multer leaves
 * `characters[][id]` as a literal key; it becomes `characters: [{id}]`. Names are checked by the schemas.
 */
export function plainBody(body: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (typeof body !== 'object' || body === null) return result;
  for (const key of Object.keys(body)) {
    if (key === '__proto__') continue;
    const value = (body as Record<string, unknown>)[key];
    if (key === 'characters[][id]') result.characters = [value].flat().map((id) => ({ id }));
    else result[key] = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value;
  }
  return result;
}
