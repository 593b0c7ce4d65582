// A form as a request in: its texts, settings and files by name, in the vocabulary of all dialects, out. Nothing in it can be edited.
import { isUtf8 } from 'node:buffer';
import type { RequestMessage } from '../../../exchange/index.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import type { Asked, DecodeFault } from '../codec.ts';
import { readForm, type FormField } from '../multipart.ts';
import { Collector } from './collector.ts';
import type { Place } from './place.ts';
import { emptyRequest } from './request.ts';

export interface FormMap {
  /** What is said to the model. */
  readonly texts: readonly string[];
  /** Bytes that nobody reads. */
  readonly files: readonly string[];
  /** Name -> the values that are understood; any text where there is none. Lists are named `name[]`. */
  readonly settings: Readonly<Record<string, RegExp | null>>;
}

const USER: Place = { turn: 0, role: 'user', origin: 'user', lane: '0.0', kind: 'text' };
const NOBODY: Place = { turn: -1, role: '', origin: 'user', lane: 'metadata', kind: 'text' };
const MODEL = 'model';

export const formRequest =
  (map: FormMap) =>
  (body: Buffer, { boundary, model }: Asked = {}): Result<RequestMessage, DecodeFault> => {
    if (boundary === undefined) return err({ code: 'form.boundary' });
    const form = readForm(body, boundary);
    if (!form.ok) return form;
    const out = new Collector(body, 'user');
    for (const field of form.value) {
      const fault = takeField({ field, body, map }, out);
      if (fault !== null) return err(fault);
    }
    const named = valueOf(form.value, MODEL, body);
    if (model !== undefined && ![undefined, '', model].includes(named))
      return err({ code: 'request.model_conflict' });
    return ok({ ...emptyRequest(out), model: model ?? named ?? '' });
  };

interface Field {
  readonly field: FormField;
  readonly body: Buffer;
  readonly map: FormMap;
}

function takeField({ field, body, map }: Field, out: Collector): DecodeFault | null {
  const { name, fileName = '', start, end } = field;
  const plainName = name.replace(/\[\]$/, '');
  if (map.files.includes(plainName)) return takeFile(field, out);
  const bytes = body.subarray(start, end);
  if (!isUtf8(bytes)) return { code: 'form.utf8', offset: start };
  const text = bytes.toString();
  const expected = map.settings[plainName];
  if (map.texts.includes(name)) out.addPlain(field, text, { ...USER, lane: '0.0.text' });
  else if (name === MODEL || expected !== undefined) out.addPlain(field, text, NOBODY);
  else addUnknown(field, [name, fileName, text], out);
  return expected instanceof RegExp && !expected.test(text)
    ? { code: `request.${plainName}`, offset: start }
    : null;
}

function takeFile({ fileName = '', mediaType, start, end }: FormField, out: Collector): null {
  out.addPlain({ start, end: start }, fileName, NOBODY);
  const file = { kind: 'literal', value: null, start, end } as const;
  out.addMedia(file, USER, mediaType ?? 'application/octet-stream');
  return null;
}

function addUnknown(field: FormField, texts: readonly string[], out: Collector): void {
  out.countUnknownField();
  const text = texts.filter((each) => each !== '').join('\n');
  out.addPlain(field, text, { ...NOBODY, origin: 'unknown', lane: 'unknown' });
}

function valueOf(fields: readonly FormField[], name: string, body: Buffer): string | undefined {
  const field = fields.find((each) => each.name === name);
  return field === undefined ? undefined : body.toString('utf8', field.start, field.end);
}
