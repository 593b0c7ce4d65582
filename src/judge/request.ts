// The body of a request in; a permit for its bytes, edited if policies ask for it, or a refusal out.
import { PosternError, type RequestMessage, type Route } from '../exchange/index.ts';
import { factsOfRequest } from '../gate/decide/index.ts';
import { codecOf, type Asked } from '../gate/decode/index.ts';
import { settle, type Draft, type Judgement, type Settlement } from '../gate/enforce/index.ts';
import { routeOf, settleWithin } from './enclosed.ts';
import { judge, type Setting } from './judge.ts';
import { understood } from './understood.ts';

/** @throws PosternError POSTERN_E_PARSE: what is not understood is not checked. */
export function decodeRequest(body: Buffer, route: Route): RequestMessage {
  return understood(codecOf(route.operation).decodeRequest(body, askedBy(route)), 'POSTERN_E_PARSE');
}

const askedBy = ({ operation, address, boundary }: Route): Asked => ({
  model: address?.model,
  stream: operation.stream,
  boundary,
});

/** @throws PosternError POSTERN_E_CANNOT_EDIT or POSTERN_E_POLICY_*. */
export function settleRequest(draft: Draft<RequestMessage>, setting: Setting): Settlement<RequestMessage> {
  const settled = settleWhole(draft, setting);
  const isEdited = settled.kind === 'permitted' && settled.edited;
  if (isEdited && setting.route.isSigned)
    throw new PosternError('POSTERN_E_CANNOT_EDIT', 'Its caller signed the body.');
  return settled;
}

function settleWhole(draft: Draft<RequestMessage>, setting: Setting): Settlement<RequestMessage> {
  const codec = codecOf(setting.route.operation);
  const asked = askedBy(setting.route);
  const decode = (body: Buffer): RequestMessage =>
    understood(codec.decodeRequest(body, asked), 'POSTERN_E_CANNOT_EDIT');
  const settled = settle(draft, {
    judge: (message) => judgeRequest(message, setting),
    decode,
    pinSystem: ({ body }, text) => codec.pinSystem(body, text),
  });
  const { listRequests } = codec;
  if (listRequests === undefined) return settled;
  return settleWithin(settled, {
    list: (body) => understood(listRequests(body, asked), 'POSTERN_E_PARSE'),
    settle: (body, at) => settleEnclosed(body, { ...setting, route: routeOf(setting.route, at) }),
    decode,
  });
}

const settleEnclosed = (body: Buffer, setting: Setting): Settlement<RequestMessage> =>
  settleRequest({ body, message: decodeRequest(body, setting.route) }, setting);

function judgeRequest(message: RequestMessage, { route, snapshot }: Setting): Judgement {
  const findings = snapshot.inspector.inspectParts(message.parts);
  return judge(factsOfRequest(message, { route, findings }), snapshot);
}
