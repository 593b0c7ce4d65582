// A sidecar in; requests at a steady rate beside live streams, for a while, out. Says what was answered.
import { Agent, request } from 'node:http';
import { BODY, HEADERS } from '../load.ts';

const STREAMS = 50;
const PER_SECOND = 200;

export interface Load {
  readonly answered: number;
  readonly failed: number;
  /** Pieces of streams that were heard. */
  readonly pieces: number;
}

const STREAMING = BODY.replace('{', '{"stream":true,');

export async function loadFor(url: string, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const load = { answered: 0, failed: 0, pieces: 0 };
  const ask = (body: string, heard: () => void): ReturnType<typeof request> => {
    const asking = request(url, { method: 'POST', agent, headers: HEADERS }, (answer) => {
      answer.on('data', () => body === STREAMING && (load.pieces += 1)).once('end', heard);
      if (answer.statusCode !== 200) load.failed += 1;
    });
    asking.on('error', () => body === BODY && (load.failed += 1));
    return asking.end(body);
  };
  const streams = Array.from({ length: STREAMS }, () => ask(STREAMING, () => {}));
  const timer = setInterval(() => ask(BODY, () => (load.answered += 1)), 1000 / PER_SECOND);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  clearInterval(timer);
  for (const stream of streams) stream.destroy();
  await new Promise((resolve) => setTimeout(resolve, 500));
  agent.destroy();
  return load;
}
