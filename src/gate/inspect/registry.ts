// The built-in detectors, each in a file of its own. To add one: write the file, list it here.
import type { Detector } from './detector.ts';
import { code } from './detectors/code.ts';
import { entropy } from './detectors/entropy.ts';
import { invisible } from './detectors/invisible.ts';
import { secrets } from './detectors/secrets.ts';

export const DETECTORS: readonly Detector[] = [secrets, invisible, entropy, code];
