// What was settled of a body, and the bodies within it, in; each of them settled as itself, and the whole, out.
import type { Edit, Route } from '../exchange/index.ts';
import { isMoreSevere, Permitted } from '../gate/decide/index.ts';
import { spliceEdits, type Enclosed } from '../gate/decode/index.ts';
import type { Draft, Judgement, Settlement } from '../gate/enforce/index.ts';

export interface Within<M> {
  /** @throws PosternError when it does not understand what is there. */
  list(body: Buffer): readonly Enclosed[];
  settle(body: Buffer, at: Enclosed): Settlement<M>;
  decode(body: Buffer): M;
}

/** One that is refused refuses all. The judgement is the one that says most. */
export function settleWithin<M>(around: Settlement<M>, within: Within<M>): Settlement<M> {
  if (around.kind === 'refused') return around;
  const { body } = around.permit.value;
  const edits: Edit[] = [];
  let { judgement } = around;
  for (const at of within.list(body)) {
    const settled = within.settle(body.subarray(at.start, at.end), at);
    if (settled.kind === 'refused') return settled;
    if (isMoreSevere(settled.judgement.decision, judgement.decision)) ({ judgement } = settled);
    if (settled.edited) edits.push(editOf(at, settled.permit));
  }
  if (edits.length === 0) return { ...around, judgement };
  return permit(judgement, spliceEdits(body, edits), within);
}

/** The same upstream is asked. */
export const routeOf = ({ upstream, credentialId }: Route, { operation, address }: Enclosed): Route => ({
  upstream,
  operation,
  ...(address === undefined ? {} : { address }),
  ...(credentialId === undefined ? {} : { credentialId }),
});

const editOf = <M>({ start, end }: Enclosed, { value }: Permitted<Draft<M>>): Edit => ({
  start,
  end,
  replacement: value.body.toString(),
});

function permit<M>(judgement: Judgement, body: Buffer, within: Within<M>): Settlement<M> {
  const minted = Permitted.mint(judgement.decision, { body, message: within.decode(body) });
  if (minted === null) return { kind: 'refused', judgement };
  return { kind: 'permitted', judgement, edited: true, permit: minted };
}
