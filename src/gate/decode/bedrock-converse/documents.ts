// Documents and results of searches: whoever put them into the conversation, they are data.
import { isUtf8 } from 'node:buffer';
import { inlined } from '../read/media.ts';
import { as, list, object, plain, text, type Fields, type Reader } from '../read/readers.ts';
import { ofFormat, s3Location } from './media.ts';

const asDocument = (read: Reader): Reader => as({ origin: 'document' }, read);

const citations = object({ enabled: plain });

const texts = list(object({ text: text() }));

/** Plain text that was sent as bytes is read all the same; no edit reaches into it. */
const writtenBytes = (media: string): Reader => {
  const asMedia = inlined(media);
  return (node, place, out) => {
    if (node.kind !== 'string') return asMedia(node, place, out);
    const bytes = Buffer.from(node.value, 'base64');
    const isText = bytes.toString('base64') === node.value && isUtf8(bytes);
    if (isText) out.addSealed({ ...node, value: bytes.toString() }, place);
    else asMedia(node, place, out);
  };
};

const isWritten = (media: string): boolean => media.startsWith('text/');

const fieldsFor = (media: string): Fields => ({
  name: text(),
  context: text(),
  citations,
  source: object({
    bytes: isWritten(media) ? writtenBytes(media) : inlined(media),
    s3Location,
    text: text(),
    content: texts,
  }),
});

const OFFICE = 'application/vnd.openxmlformats-officedocument';

export const document = asDocument(
  ofFormat(
    {
      txt: 'text/plain',
      md: 'text/markdown',
      csv: 'text/csv',
      html: 'text/html',
      pdf: 'application/pdf',
      doc: 'application/msword',
      docx: `${OFFICE}.wordprocessingml.document`,
      xls: 'application/vnd.ms-excel',
      xlsx: `${OFFICE}.spreadsheetml.sheet`,
    },
    fieldsFor,
  ),
);

export const searchResult = asDocument(object({ source: text(), title: text(), content: texts, citations }));
