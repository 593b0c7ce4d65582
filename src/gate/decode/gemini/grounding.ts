// What an answer stands on: searches, pages, places and quotations. Clients show them, so they are read like text.
import { note, opaque, plain, text, type Reader } from '../read/readers.ts';
import { proto, repeated, token, word } from './proto.ts';

const quoted = text('text', 'citation');

const plains = repeated(plain);

const source: Reader = proto({
  uri: quoted,
  title: quoted,
  domain: quoted,
  text: quoted,
  imageUri: quoted,
  sourceUri: quoted,
  documentName: quoted,
  fileSearchStore: note,
  mediaId: note,
  pageNumber: plain,
  placeId: token,
  ragChunk: note,
  customMetadata: note,
  placeAnswerSources: note,
  route: note,
});

const groundingChunk = proto({ web: source, image: source, retrievedContext: source, maps: source });

const segment = proto({ startIndex: plain, endIndex: plain, partIndex: plain, text: quoted });

const groundingSupport = proto({
  segment,
  groundingChunkIndices: plains,
  confidenceScores: plains,
  renderedParts: plains,
});

export const groundingMetadata = proto({
  groundingChunks: repeated(groundingChunk),
  groundingSupports: repeated(groundingSupport),
  webSearchQueries: repeated(quoted),
  imageSearchQueries: repeated(quoted),
  retrievalQueries: repeated(quoted),
  searchEntryPoint: proto({ renderedContent: quoted, sdkBlob: opaque }),
  retrievalMetadata: proto({ googleSearchDynamicRetrievalScore: plain }),
  googleMapsWidgetContextToken: opaque,
  sourceFlaggingUris: note,
});

const publicationDate = proto({ year: plain, month: plain, day: plain });

/** Lists of citations have been called by both names. */
const citations = repeated(
  proto({
    startIndex: plain,
    endIndex: plain,
    uri: quoted,
    title: quoted,
    license: quoted,
    publicationDate,
  }),
);

export const citationMetadata = proto({ citations, citationSources: citations });

export const urlContextMetadata = proto({
  urlMetadata: repeated(proto({ retrievedUrl: quoted, urlRetrievalStatus: word('URL_RETRIEVAL_STATUS_') })),
});
