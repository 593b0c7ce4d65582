// How readers hand over what they see: one sighting at a time, until the taker has enough.
import type { Sighting } from './detector.ts';

/** False: enough, stop reading. */
export type Take = (sighting: Sighting) => boolean;
