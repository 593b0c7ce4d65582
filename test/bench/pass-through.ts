// The bare limit: node:http in, undici out, bodies piped, nothing looked at.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(`http://127.0.0.1:${process.argv[3]}`);

createServer((request, response) => void pass(request, response)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const answer = await pool.request({ method: 'POST', path: request.url ?? '/', headers, body: request });
  response.writeHead(answer.statusCode, answer.headers);
  answer.body.pipe(response);
}
