// Event streams: the same events for every split of the bytes, and what is written is read again.
import { encodeEvent, SseDecoder } from '../../../src/gate/decode/sse.ts';
import { claim, type FuzzTarget } from '../target.ts';

function read(chunks: readonly Buffer[]): string {
  const decoder = new SseDecoder();
  const events: string[] = [];
  for (const chunk of chunks) {
    const pushed = decoder.push(chunk);
    if (!pushed.ok) return pushed.error.code;
    for (const { name, data } of pushed.value) events.push(`${name}|${data.toString('hex')}`);
  }
  return `${events.join('\n')}\n${JSON.stringify(decoder.end())}`;
}

/** A fault stops the reading, and how much was read by then depends on the split. */
const isFault = (reading: string): boolean => reading.startsWith('sse.');

export const eventStream: FuzzTarget = {
  name: 'event-stream',
  seeds: [
    Buffer.from('data: {"a":1}\n\ndata: [DONE]\n\n'),
    Buffer.from('event: ping\r\ndata: x\r\ndata: y\r\n\r\n: note\r\rid: 7\nretry: 3\ndata\n\n'),
    Buffer.from('\ufeffdata:x\n\n'),
  ],
  words: ['data: ', 'event: ', '\r\n', '\n\n', '\r', ': ', '\ufeff', 'id:', 'data', '\u{1f600}'],
  run: (input) => {
    const whole = read([input]);
    const single = read([...input].map((byte) => Buffer.of(byte)));
    claim(whole === single, 'one byte at a time gives other events');
    if (isFault(whole)) return;
    const decoder = new SseDecoder();
    const events = decoder.push(input);
    if (!events.ok) return;
    const written = Buffer.concat(events.value.map(({ name, data }) => encodeEvent(name, data)));
    const again = new SseDecoder().push(written);
    claim(
      again.ok &&
        again.value.map(({ name, data }) => `${name}|${data.toString()}`).join() ===
          events.value.map(({ name, data }) => `${name}|${data.toString()}`).join(),
      'what was written is not what was read',
    );
  },
};
