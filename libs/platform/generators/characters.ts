import { type GenerationRequest } from '#contracts';
import { GeneratorError } from './errors.js';

/**
 * The one picture of a request for engines that take a single reference image: the reference, or the portrait of the one
 * person to show.
 * @throws GeneratorError `generator_rejected` when there are several: none may be left out without saying so
 */
export function onlyPicture(req: GenerationRequest, generator: string): string | undefined {
  const pictures = [req.referencePath, ...(req.characters ?? []).map(({ portraitPath }) => portraitPath)];
  const [first, ...more] = pictures.filter((path) => path !== undefined);
  if (more.length === 0) return first;
  throw new GeneratorError(
    'generator_rejected',
    'This engine takes one picture: it cannot show several persons, or a person beside a reference image.',
    generator,
  );
}
