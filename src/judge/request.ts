// The body of a request in; a permit for its bytes, edited if policies ask for it, or a refusal out.
import { PosternError, type RequestMessage, type Route } from '../exchange/index.ts';
import { factsOfRequest } from '../gate/decide/index.ts';
import { codecOf, describeFault, type Asked } from '../gate/decode/index.ts';
import { settle, type Draft, type Judgement, type Settlement } from '../gate/enforce/index.ts';
import { judge, type Setting } from './judge.ts';

/** @throws PosternError POSTERN_E_PARSE: what is not understood is not checked. */
export function decodeRequest(body: Buffer, route: Route): RequestMessage {
  const decoded = codecOf(route.operation).decodeRequest(body, askedBy(route));
  if (!decoded.ok) throw new PosternError('POSTERN_E_PARSE', describeFault(decoded.error));
  return decoded.value;
}

const askedBy = ({ operation, address }: Route): Asked => ({
  model: address?.model,
  stream: operation.stream,
});

/** @throws PosternError POSTERN_E_CANNOT_EDIT or POSTERN_E_POLICY_*. */
export function settleRequest(draft: Draft<RequestMessage>, setting: Setting): Settlement<RequestMessage> {
  const codec = codecOf(setting.route.operation);
  return settle(draft, {
    judge: (message) => judgeRequest(message, setting),
    decode: (body) => {
      const decoded = codec.decodeRequest(body, askedBy(setting.route));
      if (!decoded.ok) throw new PosternError('POSTERN_E_CANNOT_EDIT', describeFault(decoded.error));
      return decoded.value;
    },
    pinSystem: ({ body }, text) => codec.pinSystem(body, text),
  });
}

function judgeRequest(message: RequestMessage, { route, snapshot }: Setting): Judgement {
  const findings = snapshot.inspector.inspectParts(message.parts);
  return judge(factsOfRequest(message, { route, findings }), snapshot);
}
