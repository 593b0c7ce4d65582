// Circumstances in; what it takes to go round the sidecar out.
import type { Grade } from '../../exchange/index.ts';
import type { Circumstances } from './circumstances.ts';

export function gradeOf(circumstances: Circumstances): Grade {
  const { ways, weaknesses } = circumstances;
  if (isBound(circumstances)) return 'bound';
  const isWeak = weaknesses.asked.length + weaknesses.open.length > 0;
  return ways.grade === 'enforced' && isWeak ? 'guarded' : ways.grade;
}

/** Whoever goes round comes to every upstream without a credential. */
const isBound = ({ settings, wishes, holders }: Circumstances): boolean =>
  holders.length === 0 &&
  settings.sidecar.upstreams.every(
    ({ name, isBound }) => isBound === true || wishes.credentials?.upstreams.includes(name) === true,
  );
