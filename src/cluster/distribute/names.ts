// The labels, annotations and objects of a cluster by which policies are told, and told about.

export const ENFORCEMENT_ACTION = 'postern.dev/enforcement-action';
export const POLICY_STATUS = 'postern.dev/policy-status';
/** On what the controller keeps of bundles: the first digits of the digest. */
export const BUNDLE_LABEL = 'postern.dev/bundle';
/** Of a Namespace: digits of the bundle that it is held at. */
export const PIN = 'postern.dev/pin';
/** Of a ConfigMap: `candidate` for policies that are compared before they are obeyed. */
export const CHANNEL = 'postern.dev/channel';
/** Of a ConfigMap of candidates: the name of the one in whose place it is. */
export const REPLACES = 'postern.dev/replaces';
/** Of a Namespace: what becomes of candidates there. */
export const POLICY_CHANNEL = 'postern.dev/policy-channel';
/** Of a Namespace: how many of a hundred pods obey the candidate. */
export const CANDIDATE_PERCENT = 'postern.dev/candidate-percent';
/** Of a Namespace: how many of a hundred decisions a candidate may change before it is held back. */
export const CANDIDATE_LIMIT = 'postern.dev/candidate-limit-percent';
/** Of a Namespace: digits of the candidate whose differences somebody has looked at. */
export const APPROVED = 'postern.dev/candidate-approved';
/** What pods mount, to start with when the controller is away; before a dash and the digits, the history. */
export const BUNDLE_NAME = 'postern-bundle';
export const BUNDLE_KEY = 'bundle.tar.gz';
/** Whom sidecars trust as the controller; cluster/certificates writes it. */
const TRUST_NAME = 'postern-ca';
export const STATUS_NAME = 'postern-policy-status';
export const STATUS_KEY = 'status.json';
export const STATUS_LABELS = {
  'app.kubernetes.io/part-of': 'postern',
  'app.kubernetes.io/component': 'policy-status',
} as const;
/** Of the ConfigMaps in which the controller tells how namespaces stand. */
export const STATUS_SELECTOR = Object.entries(STATUS_LABELS)
  .map((pair) => pair.join('='))
  .join();

const SHORT_DIGITS = 12;
export const shortDigest = (digest: string): string => digest.slice(0, SHORT_DIGITS);

/** Of the seed and of the history. */
export const isBundleName = (name: string): boolean =>
  name === BUNDLE_NAME || name.startsWith(`${BUNDLE_NAME}-`);

/** What the controller writes, and nobody else. */
export const isControllers = (name: string): boolean =>
  name === STATUS_NAME || name === TRUST_NAME || isBundleName(name);
