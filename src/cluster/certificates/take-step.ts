// What is kept and one step of the plan in; what is to be kept afterwards out. Only memory changes here.
import { createAuthority, issueLeaf, type KeyedCertificate, lifeOf } from './issue.ts';
import type { Kept } from './kept.ts';
import type { Step, Terms } from './rotation.ts';

export interface Circumstances {
  readonly now: Date;
  readonly terms: Terms;
  /** DNS names that the leaf is for. */
  readonly names: readonly string[];
}

export async function takeStep(
  kept: Kept,
  step: Exclude<Step, 'publish'>,
  circumstances: Circumstances,
): Promise<Kept> {
  const { now, terms } = circumstances;
  switch (step) {
    case 'create':
      return { ...kept, current: await createAuthority(now, terms.authorityMs), leaf: null };
    case 'prepare':
      return { ...kept, next: await createAuthority(now, terms.authorityMs), nextPublished: null };
    case 'mark':
      return { ...kept, nextPublished: now };
    case 'promote':
      return promote(kept, circumstances);
    case 'issue':
      return { ...kept, leaf: await issue(kept.current, circumstances) };
    case 'retire':
      return retire(kept, now.getTime());
  }
}

const promote = async (kept: Kept, circumstances: Circumstances): Promise<Kept> => ({
  current: kept.next,
  next: null,
  nextPublished: null,
  previous: kept.current?.certificate ?? kept.previous,
  leaf: await issue(kept.next, circumstances),
});

const issue = async (
  authority: KeyedCertificate | null,
  { names, now, terms }: Circumstances,
): Promise<KeyedCertificate | null> =>
  authority && issueLeaf(authority, { names, now, lifeMs: terms.leafMs });

function retire(kept: Kept, nowMs: number): Kept {
  const hasEnded = (pem: string): boolean => lifeOf(pem).endsMs <= nowMs;
  const keepPair = (pair: KeyedCertificate | null): KeyedCertificate | null =>
    pair !== null && hasEnded(pair.certificate) ? null : pair;
  return {
    ...kept,
    current: keepPair(kept.current),
    next: keepPair(kept.next),
    previous: kept.previous !== null && hasEnded(kept.previous) ? null : kept.previous,
  };
}
