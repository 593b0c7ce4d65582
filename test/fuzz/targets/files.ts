// Forms and files of requests: what a codec finds around the enclosed bodies and what it lists stand side by side, never apart.
import { codecOf } from '../../../src/gate/decode/index.ts';
import { readForm } from '../../../src/gate/decode/multipart.ts';
import { claim, type FuzzTarget } from '../target.ts';

const LINE =
  '{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"x"}]}}';

const field = (name: string, value: string, more = ''): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

const codec = codecOf({ dialect: 'openai-files' });

export const form: FuzzTarget = {
  name: 'form',
  seeds: [
    Buffer.from(`${field('purpose', 'batch')}${field('file', `${LINE}\n`, '; filename="b.jsonl"')}--b--\r\n`),
    Buffer.from(
      `${field('file', 'x', '; filename="a"\r\nContent-Type: image/png')}${field('purpose', 'vision')}--b--`,
    ),
  ],
  words: ['--b', '\r\n', '; name="', '; filename="', 'Content-Type: ', 'batch', '\n', '"body":{', '"url":"'],
  run: (input) => {
    const fields = readForm(input, 'b');
    if (!fields.ok) return;
    for (const { start, end } of fields.value)
      claim(!input.subarray(start, end).includes('\r\n--b'), 'a field goes on behind its end');
    const [around, within] = [
      codec.decodeRequest(input, { boundary: 'b' }),
      codec.listRequests?.(input, { boundary: 'b' }),
    ];
    if (!around.ok || within?.ok !== true) return;
    for (const { start, end } of within.value)
      claim(input[start] === 0x7b && input[end - 1] === 0x7d, 'an enclosed body is no object');
  },
};
