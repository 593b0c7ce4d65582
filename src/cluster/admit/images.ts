// The name of an image and the controller's settings in; whether a container of ours may run it, out.
import type { InjectionSettings } from '../../config/index.ts';

/** A host may have a port, which is no tag: a slash follows it. */
const REFERENCE = /^(.+?)(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Where no digest is pinned, another tag of the same repository is another version of ours: sidecars of two are served. */
export function isOurImage(
  image: string,
  { reference, allowed, previous }: Pick<InjectionSettings['image'], 'reference' | 'allowed' | 'previous'>,
): boolean {
  if ([reference, ...allowed, ...previous].includes(image)) return true;
  const [, repository, , digest] = REFERENCE.exec(reference) ?? [];
  return digest === undefined && REFERENCE.exec(image)?.[1] === repository;
}
