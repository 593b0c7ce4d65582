// A model that says one piece every few milliseconds, each in a write of its own, and remembers when it said what.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DIALECTS, PATHS, writeAnswer, type Dialect } from './answers.ts';

const PACE_MS = Number(process.argv[3]);

/** Nanoseconds of the clock that all processes of a machine share. */
let saidNs: bigint[] = [];

createServer((request, response) => void serve(request, response)).listen(
  Number(process.argv[2]),
  '127.0.0.1',
);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const dialect = DIALECTS.find((name) => request.url === PATHS[name]);
  if (dialect !== undefined) return speak(request, response, dialect);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(saidNs.map(String)));
}

/** The model that is asked for says how long the answer is: `bench-400`. */
async function speak(request: IncomingMessage, response: ServerResponse, dialect: Dialect): Promise<void> {
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  const { model } = JSON.parse(body.toString()) as { model: string };
  const { frames } = writeAnswer(dialect, Number(model.slice(model.indexOf('-') + 1)));
  const said: bigint[] = [];
  saidNs = said;
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const frame of frames) {
    await pause(PACE_MS);
    said.push(process.hrtime.bigint());
    response.write(frame);
  }
  response.end();
}
