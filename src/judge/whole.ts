// The body of a whole answer in; a permit for its bytes, edited if policies ask for it, or a refusal out.
import type { ResponseMessage, Route } from '../exchange/index.ts';
import { factsOfAnswer } from '../gate/decide/index.ts';
import { codecOf, spliceEdits } from '../gate/decode/index.ts';
import { settle, type Draft, type Judgement, type Settlement } from '../gate/enforce/index.ts';
import { err } from '../lib/result.ts';
import { routeOf, settleWithin } from './enclosed.ts';
import { judge, type AnswerSetting } from './judge.ts';
import { understood } from './understood.ts';

/** @throws PosternError POSTERN_E_UPSTREAM_RESPONSE: what is not understood is not checked. */
export function draftAnswer(received: Buffer, route: Route): Draft<ResponseMessage> {
  const { leadBack } = codecOf(route.operation);
  const edits = leadBack === undefined ? [] : understood(leadBack(received), 'POSTERN_E_UPSTREAM_RESPONSE');
  const body = spliceEdits(received, edits);
  return { body, message: decodeAnswer(body, route) };
}

function decodeAnswer(body: Buffer, { operation }: Route): ResponseMessage {
  return understood(codecOf(operation).decodeResponse(body), 'POSTERN_E_UPSTREAM_RESPONSE');
}

/** @throws PosternError POSTERN_E_CANNOT_EDIT, POSTERN_E_UPSTREAM_RESPONSE or POSTERN_E_POLICY_*. */
export const settleAnswer = (
  draft: Draft<ResponseMessage>,
  setting: AnswerSetting,
): Settlement<ResponseMessage> => {
  const { route } = setting;
  const settled = settle(draft, {
    judge: (message) => judgeAnswer(message, setting),
    decode: (edited) => decodeAnswer(edited, route),
    pinSystem: () => err('an answer has no system instruction'),
  });
  const { listAnswers } = codecOf(route.operation);
  if (listAnswers === undefined) return settled;
  return settleWithin(settled, {
    list: (body) => understood(listAnswers(body), 'POSTERN_E_UPSTREAM_RESPONSE'),
    settle: (body, at) => settleEnclosed(body, { ...setting, route: routeOf(route, at) }),
    decode: (body) => decodeAnswer(body, route),
  });
};

const settleEnclosed = (body: Buffer, setting: AnswerSetting): Settlement<ResponseMessage> =>
  settleAnswer(draftAnswer(body, setting.route), setting);

function judgeAnswer(message: ResponseMessage, { snapshot, ...setting }: AnswerSetting): Judgement {
  const findings = snapshot.inspector.inspectParts(message.parts);
  return judge(factsOfAnswer(message, { ...setting, findings, stream: false, partial: false }), snapshot);
}
