// Where in a conversation a reader stands, and so whose words it reads.
import type { Origin, PartKind } from '../../../exchange/index.ts';

export interface Place {
  readonly turn: number;
  readonly role: string;
  readonly origin: Origin;
  /** `<turn or choice>.<block>`; the kind of text is put behind it. */
  readonly lane: string;
  /** What plain text means here: the text blocks of a tool result are its result. */
  readonly kind: PartKind;
  readonly name?: string;
}

/** Empty as good as absent: streams give a name once, and then nothing or an empty one. */
export const named = (place: Place, name: string | undefined): Place =>
  name === undefined || name === '' ? place : { ...place, name };
