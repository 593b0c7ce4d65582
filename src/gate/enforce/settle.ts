// A body and its message in; a permit for exactly those bytes, edited if need be and judged again, or a refusal out.
import { isRefusal, PosternError, type Decision, type Edit, type Part } from '../../exchange/index.ts';
import type { Result } from '../../lib/result.ts';
import { Permitted, type Facts } from '../decide/index.ts';
import { spliceEdits } from '../decode/index.ts';
import { planEdits } from './plan-edits.ts';

export interface Judgement {
  readonly decision: Decision;
  /** What was decided on. */
  readonly facts: Facts;
}

export interface Draft<M> {
  readonly body: Buffer;
  readonly message: M;
}

/** `judgement` is of the bytes as they came; `draft` is what passes. */
export type Settlement<M> =
  | {
      readonly kind: 'permitted';
      readonly judgement: Judgement;
      readonly edited: boolean;
      readonly permit: Permitted<Draft<M>>;
    }
  | { readonly kind: 'refused'; readonly judgement: Judgement };

export interface Bench<M> {
  judge(message: M): Judgement;
  decode(body: Buffer): M;
  /** Edits that put a system instruction in front; none when it stands there already. */
  pinSystem(draft: Draft<M>, text: string): Result<readonly Edit[], unknown>;
}

/** Edits may call for edits (a truncated text may need trimming); what does not come to rest by then is refused. */
const MAX_ROUNDS = 4;

/** @throws PosternError POSTERN_E_CANNOT_EDIT when an obligation cannot be met exactly. */
export function settle<M extends { readonly parts: readonly Part[] }>(
  draft: Draft<M>,
  bench: Bench<M>,
): Settlement<M> {
  const first = bench.judge(draft.message);
  let judgement = first;
  let current = draft;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (isRefusal(judgement.decision.action)) return { kind: 'refused', judgement };
    const edits = editsFor(current, judgement, bench);
    if (edits.length === 0) return permitted({ draft: current, judgement: first, last: judgement });
    const body = spliceEdits(current.body, edits);
    current = { body, message: bench.decode(body) };
    judgement = bench.judge(current.message);
  }
  throw new PosternError('POSTERN_E_CANNOT_EDIT');
}

function permitted<M>(settled: { draft: Draft<M>; judgement: Judgement; last: Judgement }): Settlement<M> {
  const { draft, judgement, last } = settled;
  const permit = Permitted.mint(last.decision, draft);
  if (permit === null) return { kind: 'refused', judgement: last };
  return { kind: 'permitted', judgement, edited: last !== judgement, permit };
}

function editsFor<M extends { readonly parts: readonly Part[] }>(
  draft: Draft<M>,
  judgement: Judgement,
  bench: Bench<M>,
): Edit[] {
  const { obligations } = judgement.decision;
  if (obligations.length === 0) return [];
  const planned = planEdits({ parts: draft.message.parts, findings: judgement.facts.findings, obligations });
  if (!planned.ok) throw new PosternError('POSTERN_E_CANNOT_EDIT');
  return [...planned.value, ...obligations.flatMap((obligation) => pinEdits(obligation, draft, bench))];
}

function pinEdits<M>(
  obligation: Decision['obligations'][number],
  draft: Draft<M>,
  bench: Bench<M>,
): readonly Edit[] {
  if (obligation.kind !== 'rewrite' || obligation.rewrite !== 'pin_system') return [];
  const pinned = bench.pinSystem(draft, obligation.text);
  if (!pinned.ok) throw new PosternError('POSTERN_E_CANNOT_EDIT');
  return pinned.value;
}
