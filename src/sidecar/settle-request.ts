// The judging of a request, noted: what it says in, a permit for its bytes or a refusal out.
import type { RequestMessage, Route } from '../exchange/index.ts';
import type { Draft, Settlement } from '../gate/enforce/index.ts';
import { settleRequest } from '../judge/index.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';

export function settleNoted(
  passage: Passage,
  route: Route,
  draft: Draft<RequestMessage>,
): Settlement<RequestMessage> {
  const { account, snapshot } = passage;
  account.enter('policy');
  const settled = settleRequest(draft, { route, snapshot });
  account.edited = settled.kind === 'permitted' && settled.edited;
  noteDecision(passage, 'request', settled.judgement);
  return settled;
}
