// Forms and files of requests: what a codec finds around the enclosed bodies and what it lists stand side by side, never apart.
import { codecOf } from '../../../src/gate/decode/index.ts';
import { readForm } from '../../../src/gate/decode/multipart.ts';
import { claim, type FuzzTarget } from '../target.ts';

const LINE =
  '{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}';

const field = (name: string, value: string, more = ''): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

const codec = codecOf({ dialect: 'openai-files' });
const speech = codecOf({ dialect: 'openai-transcripts' });
const CANARY = 'canary-7f3a';

export const form: FuzzTarget = {
  name: 'form',
  seeds: [
    Buffer.from(`${field('purpose', 'batch')}${field('file', `${LINE}\n`, '; filename="b.jsonl"')}--b--\r\n`),
    Buffer.from(
      `${field('file', 'x', '; filename="a"\r\nContent-Type: image/png')}${field('purpose', 'vision')}--b--`,
    ),
    Buffer.from(`${field('file', 'x', '; filename="a.mp3"')}${field('prompt', CANARY)}--b--`),
  ],
  words: [
    CANARY,
    '"prompt"',
    '"model"',
    '--b',
    '\r\n',
    '; name="',
    '; filename="',
    'Content-Type: ',
    'batch',
    '\n',
    '"body":{',
    '"url":"',
  ],
  run: (input) => {
    const fields = readForm(input, 'b');
    if (!fields.ok) return;
    for (const { start, end } of fields.value)
      claim(!input.subarray(start, end).includes('\r\n--b'), 'a field goes on behind its end');
    seeTexts(input);
    const [around, within] = [
      codec.decodeRequest(input, { boundary: 'b' }),
      codec.listRequests?.(input, { boundary: 'b' }),
    ];
    if (!around.ok || within?.ok !== true) return;
    for (const { start, end } of within.value)
      claim(input[start] === 0x7b && input[end - 1] === 0x7d, 'an enclosed body is no object');
  },
};

/** A form that asks for a transcript says nothing unseen, save in the sound itself. */
function seeTexts(input: Buffer): void {
  const fields = readForm(input, 'b');
  const decoded = speech.decodeRequest(input, { boundary: 'b' });
  if (!decoded.ok || !fields.ok) return;
  const said = fields.value
    .filter(({ name }) => name !== 'file')
    .map(({ start, end }) => input.subarray(start, end));
  const isPlanted = said.some((text) => text.includes(CANARY));
  const isSeen = decoded.value.parts.some(({ text }) => text.includes(CANARY));
  claim(!isPlanted || isSeen, 'a text of a form went unseen');
}
