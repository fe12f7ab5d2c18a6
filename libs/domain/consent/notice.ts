import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, projectRoot, sha256Hex } from '#kernel';
import { LivenessText } from '#contracts';
import { parse } from 'yaml';
import { z } from 'zod';

const Document = z.strictObject({ version: z.string().min(1).max(40), text: LivenessText });

/** A notice as it is shown. */
export interface Notice {
  version: string;
  /** Of the canonical JSON of version and texts as shown: what is kept with whoever agreed. */
  sha256: string;
  text: LivenessText;
}

/** What stands in the text for this platform. */
export interface NoticeFacts {
  platform: string;
  keepDays: number;
  minimumAge: number;
}

/** Lines of a paragraph are joined: how wide the file is written is nobody's concern. */
function filled(text: string, facts: NoticeFacts): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '))
    .join('\n\n')
    .replaceAll('{platform}', facts.platform)
    .replaceAll('{keep_days}', String(facts.keepDays))
    .replaceAll('{minimum_age}', String(facts.minimumAge));
}

/** Opens the notice of the repository. @throws ZodError when the document has a fault */
export function openNotice(file = join(projectRoot, 'policies/consent-notice.yaml')): (facts: NoticeFacts) => Notice {
  const { version, text } = Document.parse(parse(readFileSync(file, 'utf8')));
  return (facts) => {
    const shown = { en: filled(text.en, facts), fr: filled(text.fr, facts) };
    return { version, text: shown, sha256: sha256Hex(canonicalJson({ version, text: shown })) };
  };
}
