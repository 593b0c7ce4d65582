// The upstream of the load: a whole answer at once, or a stream that says a word every 50 ms for as long as it is listened to.
import { createServer, type ServerResponse } from 'node:http';

const EVERY_MS = 50;
const SHARED = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'gpt-4o-mini' };

const WHOLE = JSON.stringify({
  ...SHARED,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'On its way. '.repeat(20) }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 230, completion_tokens: 60, total_tokens: 290 },
});
const PIECE = `data: ${JSON.stringify({
  ...SHARED,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { content: 'soon enough ' }, finish_reason: null }],
})}\n\n`;

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const timer = setInterval(() => response.write(PIECE), EVERY_MS);
  response.once('close', () => clearInterval(timer));
}

createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.once('end', () => {
    if (body.includes('"stream":true')) return stream(response);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': WHOLE.length });
    response.end(WHOLE);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
