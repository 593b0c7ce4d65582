// The upstream of the comparison: takes a chat in, answers the same half kilobyte, as fast as node:http can.
import { createServer } from 'node:http';

const ANSWER = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-4o-mini',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Your parcel is on its way and will be with you soon. '.repeat(5),
          refusal: null,
        },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 230, completion_tokens: 60, total_tokens: 290 },
  }),
);

createServer((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
