// Every way an exchange can fail to be judged, as one table. Each row ends in refusal.

interface FailureMode {
  readonly status: number;
  /** Whether the caller may try again unchanged. */
  readonly retryable: boolean;
  readonly message: string;
}

const refuse = (status: number, message: string, retryable = false): FailureMode => ({
  status,
  retryable,
  message,
});

export const FAILURE_MODES = {
  POSTERN_E_BAD_REQUEST: refuse(400, 'The request is not well-formed HTTP for an LLM operation.'),
  POSTERN_E_HEAD_TOO_LARGE: refuse(431, 'The head of the request is larger than the limit.'),
  POSTERN_E_MISDIRECTED: refuse(421, 'The connection and the request name different hosts.'),
  POSTERN_E_FORBIDDEN_HOST: refuse(403, 'Nothing may be sent to this host.'),
  POSTERN_E_UNKNOWN_UPSTREAM: refuse(404, 'No upstream of this name is configured.'),
  POSTERN_E_UNKNOWN_OPERATION: refuse(400, 'This operation is not known to Postern, so it cannot be judged.'),
  POSTERN_E_UNSUPPORTED_ENCODING: refuse(415, 'This content type or encoding is not understood.'),
  POSTERN_E_FOREIGN_CREDENTIAL: refuse(403, 'This credential is not one that may be used here.'),
  POSTERN_E_BODY_TOO_LARGE: refuse(413, 'The body is larger than the limit.'),
  POSTERN_E_BODY_TIMEOUT: refuse(408, 'The request did not arrive in time.'),
  POSTERN_E_PARSE: refuse(400, 'The body was not understood.'),
  POSTERN_E_NO_POLICY: refuse(503, 'No policy bundle is loaded.', true),
  POSTERN_E_POLICY_EVALUATION: refuse(503, 'The policies could not be evaluated.'),
  POSTERN_E_POLICY_FUEL: refuse(503, 'The policies took more steps than they are given.'),
  POSTERN_E_POLICY_MEMORY: refuse(503, 'The policies took more memory than they are given.'),
  POSTERN_E_POLICY_INPUT: refuse(413, 'There is more here than policies can be asked about.'),
  POSTERN_E_POLICY_RESULT: refuse(503, 'The policies gave an answer that is not a verdict.'),
  POSTERN_E_CANNOT_EDIT: refuse(400, 'A policy asked for an edit that cannot be made exactly here.'),
  POSTERN_E_AUDIT_UNAVAILABLE: refuse(503, 'The audit record could not be written.', true),
  POSTERN_E_OVERLOADED: refuse(503, 'Too many exchanges are under way.', true),
  POSTERN_E_CREDENTIALS: refuse(503, 'The credentials for the upstream could not be read.', true),
  POSTERN_E_CALLER_TIMEOUT: refuse(408, 'The answer was not taken in time.'),
  POSTERN_E_UPSTREAM_UNREACHABLE: refuse(502, 'The upstream could not be reached.', true),
  POSTERN_E_UPSTREAM_TIMEOUT: refuse(504, 'The upstream did not answer in time.', true),
  POSTERN_E_UPSTREAM_RESPONSE: refuse(
    502,
    'The answer of the upstream was not understood, so it was not passed on.',
  ),
  POSTERN_E_INTERNAL: refuse(500, 'Postern failed; nothing was passed on.'),
} as const satisfies Record<string, FailureMode>;

export type FailureCode = keyof typeof FAILURE_MODES;

/** The one error class of the data path. `detail` says what and where, without content. */
export class PosternError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, detail?: string, options?: ErrorOptions) {
    super(
      detail === undefined ? FAILURE_MODES[code].message : `${FAILURE_MODES[code].message} ${detail}`,
      options,
    );
    this.name = 'PosternError';
    this.code = code;
  }
}
