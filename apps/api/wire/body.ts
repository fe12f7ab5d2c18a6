import { AppError } from '#kernel';

/**
 * A request body as a fresh plain object, whether it came as JSON or as form fields. Multer leaves
 * `characters[][id]` as a literal key; it becomes `characters: [{id}]`. Names are checked by the schemas.
 * @throws AppError `unknown_parameter` for a name that no plain object can have
 */
export function plainBody(body: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (typeof body !== 'object' || body === null) return result;
  for (const key of Object.keys(body)) {
    if (key === '__proto__') throw unknownField(key);
    const value = (body as Record<string, unknown>)[key];
    if (key === 'characters[][id]') result.characters = [value].flat().map((id) => ({ id }));
    else result[key] = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value;
  }
  return result;
}

/** The refusal of a field that the API does not know. */
export function unknownField(name: string): AppError {
  const shown = name.slice(0, 80);
  return new AppError('invalid', 'unknown_parameter', `Unknown parameter: ${shown}.`, { param: shown });
}
