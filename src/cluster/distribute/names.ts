// The labels, annotations and objects of a cluster by which policies are told, and told about.

export const ENFORCEMENT_ACTION = 'postern.dev/enforcement-action';
/** On what the controller keeps of bundles: the first digits of the digest. */
export const BUNDLE_LABEL = 'postern.dev/bundle';
/** What pods mount, to start with when the controller is away; before a dash and the digits, the history. */
export const BUNDLE_NAME = 'postern-bundle';
export const BUNDLE_KEY = 'bundle.tar.gz';

const SHORT_DIGITS = 12;
export const shortDigest = (digest: string): string => digest.slice(0, SHORT_DIGITS);
