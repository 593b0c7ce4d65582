import { describe, expect, it } from '@jest/globals';
import { boundaryOf, readForm } from '../../../../src/gate/decode/multipart.ts';

const FIELD = 'Content-Disposition: form-data; name="purpose"\r\n\r\nbatch';
const FILE =
  'Content-Disposition: form-data; name="file"; filename="a b.jsonl"\r\nContent-Type: application/jsonl\r\n\r\n{}\n';

const form = (...fields: readonly string[]): string => `--b\r\n${fields.join('\r\n--b\r\n')}\r\n--b--\r\n`;

const read = (text: string): unknown => {
  const body = Buffer.from(text);
  const fields = readForm(body, 'b');
  if (!fields.ok) return fields.error.code;
  return fields.value.map(({ start, end, ...head }) => ({
    ...head,
    content: body.toString('utf8', start, end),
  }));
};

describe('a form', () => {
  it('is its fields, with what they hold byte for byte', () => {
    expect(read(form(FIELD, FILE))).toEqual([
      { name: 'purpose', content: 'batch' },
      { name: 'file', fileName: 'a b.jsonl', mediaType: 'application/jsonl', content: '{}\n' },
    ]);
  });

  it('may end without a line end, and hold what looks like its end', () => {
    expect(read(form(FIELD).slice(0, -2))).toHaveLength(1);
    expect(read(form(`${FIELD}\n--b--\r\n--c`))).toEqual([
      { name: 'purpose', content: 'batch\n--b--\r\n--c' },
    ]);
  });

  it('may repeat a name that says it is a list, and no other', () => {
    const image = FIELD.replace('purpose', 'image[]');
    expect(read(form(image, image))).toHaveLength(2);
    expect(read(form(FIELD, FIELD))).toBe('form.duplicate_field');
  });

  it.each([
    ['nothing', '', 'form.start'],
    ['a preamble', `hello\r\n${form(FIELD)}`, 'form.start'],
    ['an epilogue', `${form(FIELD)}more`, 'form.separator'],
    ['no end', form(FIELD).slice(0, -6), 'form.unterminated'],
    [
      'blanks behind a boundary',
      form(FIELD, FIELD).replace('\r\n--b\r\nC', '\r\n--b \r\nC'),
      'form.separator',
    ],
    ['line feeds alone', form(FIELD).replaceAll('\r\n', '\n'), 'form.start'],
    ['no head', form('batch'), 'form.head'],
    ['a head that never ends', form(`X: ${'x'.repeat(2_000)}\r\n\r\n`), 'form.head'],
    ['another header', form(`Content-Transfer-Encoding: base64\r\n${FIELD}`), 'form.head'],
    [
      'two dispositions',
      form(FIELD.replace('\r\n\r\n', '\r\nContent-Disposition: form-data; name="x"\r\n\r\n')),
      'form.head',
    ],
    [
      'a name in another encoding',
      form(FIELD.replace('"purpose"', '"x"; filename*=utf-8\'\'y')),
      'form.head',
    ],
    ['an escaped quote', form(FIELD.replace('purpose', 'a\\"b')), 'form.head'],
    ['another charset', form(FILE.replace('jsonl\r\n\r\n', 'jsonl; charset=utf-16\r\n\r\n')), 'form.head'],
    ['a folded header', form(FIELD.replace('; name', ';\r\n name')), 'form.head'],
    [
      'more fields than any',
      form(...Array.from({ length: 65 }, () => FIELD.replace('purpose', 'a[]'))),
      'form.fields',
    ],
  ])('is not understood with %s', (_, text, code) => {
    expect(read(text)).toBe(code);
  });
});

describe('the boundary of a form', () => {
  it.each([
    ['multipart/form-data; boundary=----x_1', '----x_1'],
    ['Multipart/Form-Data; boundary="a:b"', 'a:b'],
    ['multipart/form-data', null],
    ['multipart/form-data; boundary=a; boundary=b', null],
    ['multipart/form-data; charset=utf-8; boundary=a', null],
    ['multipart/form-data; boundary=', null],
    ['multipart/form-data; boundary="a b"', null],
    ['multipart/mixed; boundary=a', null],
    ['application/json', null],
  ])('in %j is %j', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });
});
