import { Locale } from '#contracts';

/**
 * Language of everything that is said to a person: `--lang` when given, else what the environment asks for
 * (LC_ALL, LC_MESSAGES, LANG, in POSIX order), else English.
 */
export function languageOf(args: readonly string[], env: Record<string, string | undefined>): Locale {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const given = at < 0 ? undefined : (args[at]?.split('=')[1] ?? args[at + 1]);
  const asked = given ?? (env.LC_ALL || env.LC_MESSAGES || env.LANG || 'en');
  const locale = Locale.safeParse(asked.slice(0, 2).toLowerCase());
  return locale.success ? locale.data : 'en';
}
