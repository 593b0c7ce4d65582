// The body of a whole answer in; a permit for its bytes, edited if policies ask for it, or a refusal out.
import { PosternError, type ResponseMessage, type Route } from '../exchange/index.ts';
import { factsOfAnswer } from '../gate/decide/index.ts';
import { codecOf, describeFault } from '../gate/decode/index.ts';
import { settle, type Draft, type Judgement, type Settlement } from '../gate/enforce/index.ts';
import { err } from '../lib/result.ts';
import { judge, type AnswerSetting } from './judge.ts';

/** @throws PosternError POSTERN_E_UPSTREAM_RESPONSE: what is not understood is not checked. */
export function decodeAnswer(body: Buffer, { operation }: Route): ResponseMessage {
  const decoded = codecOf(operation).decodeResponse(body);
  if (!decoded.ok) throw new PosternError('POSTERN_E_UPSTREAM_RESPONSE', describeFault(decoded.error));
  return decoded.value;
}

/** @throws PosternError POSTERN_E_CANNOT_EDIT, POSTERN_E_UPSTREAM_RESPONSE or POSTERN_E_POLICY_*. */
export const settleAnswer = (
  draft: Draft<ResponseMessage>,
  setting: AnswerSetting,
): Settlement<ResponseMessage> =>
  settle(draft, {
    judge: (message) => judgeAnswer(message, setting),
    decode: (edited) => decodeAnswer(edited, setting.route),
    pinSystem: () => err('an answer has no system instruction'),
  });

function judgeAnswer(message: ResponseMessage, { snapshot, ...setting }: AnswerSetting): Judgement {
  const findings = snapshot.inspector.inspectParts(message.parts);
  return judge(factsOfAnswer(message, { ...setting, findings, stream: false, partial: false }), snapshot);
}
