// The body of an answer in; its usage, and how much of it is vectors that nobody here can read, out.
import { proto, repeated } from '../gemini/proto.ts';
import { answersOf, error, usageMetadata } from '../gemini/response.ts';
import { numbers } from '../read/media.ts';
import { list, plain } from '../read/readers.ts';

const embedding = proto({
  values: numbers,
  shape: list(plain),
  statistics: proto({ tokenCount: plain, truncated: plain }),
});

export const decodeResponse = answersOf(
  proto({
    embedding,
    embeddings: repeated(embedding),
    usageMetadata,
    metadata: proto({ billableCharacterCount: plain }),
    truncated: plain,
    error,
  }),
);
