// The judging of a request: what its message says in, a permit for its bytes or a refusal out.
import { PosternError, type RequestMessage, type Route } from '../exchange/index.ts';
import { factsOfRequest } from '../gate/decide/index.ts';
import { codecOf, describeFault } from '../gate/decode/index.ts';
import { settle, type Draft, type Judgement, type Settlement } from '../gate/enforce/index.ts';
import { codesOf, judge } from './judge.ts';
import { noteDecision } from './note.ts';
import type { Passage } from './passage.ts';

export function settleRequest(
  passage: Passage,
  route: Route,
  draft: Draft<RequestMessage>,
): Settlement<RequestMessage> {
  const { account, snapshot } = passage;
  account.enter('policy');
  const codec = codecOf(route.operation);
  const settled = settle(draft, {
    judge: (message) => judgeRequest(message, route, snapshot),
    decode: (body) => {
      const decoded = codec.decodeRequest(body);
      if (!decoded.ok) throw new PosternError('POSTERN_E_CANNOT_EDIT', describeFault(decoded.error));
      return decoded.value;
    },
    pinSystem: ({ body }, text) => codec.pinSystem(body, text),
  });
  const { decision, findings } = settled.judgement;
  account.edited = settled.kind === 'permitted' && settled.edited;
  noteDecision(passage, 'request', {
    decision,
    findings: codesOf(findings),
    coverage: draft.message.coverage,
  });
  return settled;
}

function judgeRequest(message: RequestMessage, route: Route, snapshot: Passage['snapshot']): Judgement {
  const findings = snapshot.inspector.inspectParts(message.parts);
  return judge(factsOfRequest(message, { route, findings }), snapshot);
}
