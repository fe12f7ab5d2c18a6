import { cleanText } from './text.js';

/** One entry of a validation report. */
export interface Status {
  code?: unknown;
  /** Written by makers of version 1 claims, beside entries of success. */
  success?: unknown;
}

/** What a manifest says that its clip was made from. */
export interface LibraryIngredient {
  title?: unknown;
  relationship?: unknown;
  /** Label of the ingredient's own manifest. */
  active_manifest?: unknown;
  /** Name of the assertion in the manifest that took it in. */
  label?: unknown;
  validation_status?: Status[];
  validation_results?: { activeManifest?: { failure?: Status[] } };
}

/** One manifest of the report. */
export interface LibraryManifest {
  ingredients?: LibraryIngredient[];
  signature_info?: { issuer?: unknown; common_name?: unknown };
}

/** The parts of the C2PA library's report that are used here; everything in it is text by whoever made the file. */
export interface LibraryReport {
  validation_state?: string;
  manifests?: Record<string, LibraryManifest>;
  validation_results?: {
    activeManifest?: { success?: Status[]; informational?: Status[]; failure?: Status[] };
    ingredientDeltas?: { ingredientAssertionURI?: unknown; validationDeltas?: { failure?: Status[] } }[];
  };
}

/** The codes of a list of entries. */
export function codesOf(statuses: Status[] | undefined): string[] {
  return (Array.isArray(statuses) ? statuses : [])
    .filter((status) => status.success !== true)
    .map((status) => cleanText(status.code))
    .filter(Boolean);
}

/** Name of a manifest's signer as its certificate states it; null when it states none. */
export function signerOf(manifest: LibraryManifest | undefined): string | null {
  const info = manifest?.signature_info;
  const [name, organisation] = [cleanText(info?.common_name), cleanText(info?.issuer)];
  return cleanText(name && organisation ? `${name} (${organisation})` : name || organisation) || null;
}
