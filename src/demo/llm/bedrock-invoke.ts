// A model of Anthropic's invoked through Bedrock in; its own reply, whole or in the chunks of an event stream, out.
import { answerPrediction } from './anthropic.ts';
import { eventMessage } from './eventstream.ts';
import type { Call, Reply } from './reply.ts';

/** As on Google's host: the path names the model and says whether the answer streams, and the body the version. */
export const answerInvoke = (call: Call): Reply => answerPrediction(call);

export function answerInvokeStream(call: Call): Reply {
  const asked = JSON.parse(call.body.toString()) as object;
  const reply = answerPrediction({ ...call, body: Buffer.from(JSON.stringify({ ...asked, stream: true })) });
  if (reply.kind !== 'stream') return reply;
  return {
    kind: 'stream',
    headers: { ...reply.headers, 'content-type': 'application/vnd.amazon.eventstream' },
    frames: reply.frames.map((frame) => {
      const [, data = ''] = /^data: (.*)$/m.exec(frame.toString()) ?? [];
      const bytes = Buffer.from(data).toString('base64');
      return eventMessage('chunk', JSON.stringify({ bytes, p: 'abcdef' }));
    }),
  };
}
