import { type Ingredient } from '#contracts';
import { type SignatureEvidence } from './evidence.js';
import { codesOf, signerOf, type LibraryIngredient, type LibraryReport } from './report.js';
import { softBindingIn, standingOf } from './standing.js';
import { cleanText } from './text.js';
import { type TrustSettings } from './types.js';

/** What an ingredient is called broken for never: who signed it, and what a reader could not or need not look up. */
const HARMLESS =
  /^(signingCredential\.untrusted|timeStamp\..*|signingCredential\.ocsp\.(skipped|inaccessible|notRevoked))$/;
const MAX_INGREDIENTS = 64;

/** Ingredients, and why the broken ones are broken. */
export interface Ingredients {
  list: Ingredient[];
  /** Validation codes. */
  faults: string[];
}

interface Examined {
  state: Ingredient['state'];
  softBinding: string | null;
}

function faultsOf(report: LibraryReport, user: string, ingredient: LibraryIngredient): string[] {
  const assertion = `/c2pa/${user}/c2pa.assertions/${cleanText(ingredient.label)}`;
  const found = (report.validation_results?.ingredientDeltas ?? [])
    .filter((one) => typeof one.ingredientAssertionURI === 'string' && one.ingredientAssertionURI.endsWith(assertion))
    .flatMap((one) => codesOf(one.validationDeltas?.failure));
  const recorded = [
    ...codesOf(ingredient.validation_status),
    ...codesOf(ingredient.validation_results?.activeManifest?.failure),
  ];
  return [...new Set([...recorded, ...found])].filter((code) => !HARMLESS.test(code));
}

/** A recorded fault counts, whoever recorded it. That there was none is not believed: the manifest is examined here. */
function examined(evidence: SignatureEvidence | null, trust: TrustSettings): Examined {
  if (!evidence?.signed || !evidence.intact) return { state: 'broken', softBinding: null };
  const standing = standingOf(evidence);
  if (standing === 'ours') return { state: 'ours', softBinding: softBindingIn(evidence, trust) };
  return { state: standing === 'stranger' || standing === 'unregistered' ? 'other' : 'broken', softBinding: null };
}

function relationshipOf(value: unknown): Ingredient['relationship'] {
  return value === 'parentOf' || value === 'inputTo' ? value : 'componentOf';
}

/**
 * What the clip was made from, and what that was made from: the nearest first, at most 64. Nothing is read from a broken
 * ingredient's own list, for nobody answers for it.
 * @param label of the active manifest
 * @param examine our own examination of the manifest with a label
 */
export function ingredientsOf(
  report: LibraryReport,
  label: string,
  examine: (label: string) => SignatureEvidence | null,
  trust: TrustSettings,
): Ingredients {
  const list: Ingredient[] = [];
  const faults = new Set<string>();
  const seen = new Set([label]);
  // Grows while it is walked.
  for (const user of seen) {
    for (const ingredient of report.manifests?.[user]?.ingredients ?? []) {
      if (list.length === MAX_INGREDIENTS) return { list, faults: [...faults] };
      const own = typeof ingredient.active_manifest === 'string' ? ingredient.active_manifest : null;
      const found = faultsOf(report, user, ingredient);
      for (const code of found) faults.add(code);
      const result: Examined = found.length
        ? { state: 'broken', softBinding: null }
        : own === null
          ? { state: 'none', softBinding: null }
          : examined(examine(own), trust);
      if (own !== null && result.state !== 'broken') seen.add(own);
      list.push({
        title: cleanText(ingredient.title),
        relationship: relationshipOf(ingredient.relationship),
        manifestId: cleanText(own) || null,
        signer: own === null ? null : signerOf(report.manifests?.[own]),
        usedBy: cleanText(user),
        ...result,
      });
    }
  }
  return { list, faults: [...faults] };
}
