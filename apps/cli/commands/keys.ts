import { loadConfig } from '#platform/config';
import { EXIT, type Context } from '../context.js';

/** `imprimatur keys init`: makes the keys of this machine's deployment. Existing ones are never touched. */
export async function keysInit({ env, words, out }: Context): Promise<number> {
  const [{ keysDir }, { createKeys }] = await Promise.all([import('#platform/core'), import('#platform/keys')]);
  const config = loadConfig(env);
  const dir = keysDir(config);
  if (await createKeys(dir, config.IMPRIMATUR_MASTER_KEY)) {
    out(words.keys.made(dir));
    out(words.keys.backup);
    out(words.keys.development);
  } else out(words.keys.there(dir));
  return EXIT.done;
}
