// `postern policy bundle`: who answers for a bundle, and whether it is still what they signed.
import type { Group } from '../command.ts';
import { bundleKeygenCommand } from './bundle-keygen.ts';
import { bundleSignCommand } from './bundle-sign.ts';
import { bundleVerifyCommand } from './bundle-verify.ts';

export const bundleGroup: Group = {
  kind: 'group',
  name: 'bundle',
  summary: 'sign bundles, and tell who signed one',
  members: [bundleKeygenCommand, bundleSignCommand, bundleVerifyCommand],
};
