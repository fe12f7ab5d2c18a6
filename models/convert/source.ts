import { createContext, Script } from 'node:vm';
import { messageOf } from '#kernel';
import { ConversionError } from './errors.js';

/**
 * What a CommonJS bundle (`module.exports = ...`) holds, for packages that ship weights as JavaScript.
 * The text runs in an empty context without `require`, and only after its hash was checked.
 * @param name shown in errors
 * @throws ConversionError `model_source_unreadable`
 */
export function readModuleExport(source: string, name: string): unknown {
  const context = createContext(Object.create(null) as object, { codeGeneration: { strings: false, wasm: false } });
  try {
    new Script('var exports = {}, module = { exports };').runInContext(context);
    new Script(source, { filename: name }).runInContext(context, { timeout: 20_000 });
    // JSON text carries the value over without objects of the other context.
    const json = new Script('JSON.stringify(module.exports)').runInContext(context) as string;
    return JSON.parse(json);
  } catch (cause) {
    // An error of the other context is no instance of this one's Error.
    const why = (cause as { message?: unknown } | null)?.message ?? cause;
    throw new ConversionError('model_source_unreadable', `${name} could not be read: ${messageOf(why)}`, cause);
  }
}
