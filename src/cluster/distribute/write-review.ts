// What is to be said of a ConfigMap in; the answer to the API server out. Bounded, whatever is wrong.
import { describeIssue, type SetIssue } from './set-issue.ts';

export type ConfigMapVerdict =
  | { readonly kind: 'allow'; readonly warnings: readonly string[] }
  | { readonly kind: 'deny'; readonly status: number; readonly message: string };

export const ALLOWED: ConfigMapVerdict = { kind: 'allow', warnings: [] };
export const deny = (status: number, message: string): ConfigMapVerdict => ({
  kind: 'deny',
  status,
  message,
});

const LONGEST_MESSAGE = 2048;
const LONGEST_WARNING = 256;
const MOST_WARNINGS = 8;

export const describeElsewhere = (issue: SetIssue): string => `${issue.configMap}: ${describeIssue(issue)}`;

/** `own` is the ConfigMap that is spoken of: `namespace/name`. */
export function describeAll(issues: readonly SetIssue[], own: string): string {
  const lines = issues.map((issue) =>
    issue.configMap === own || issue.configMap === '' ? describeIssue(issue) : describeElsewhere(issue),
  );
  return shorten(lines.join('\n'), LONGEST_MESSAGE);
}

export function writeAnswer(uid: string, verdict: ConfigMapVerdict): object {
  const response =
    verdict.kind === 'deny'
      ? { allowed: false, status: { code: verdict.status, message: `postern: ${verdict.message}` } }
      : { allowed: true, ...warn(verdict.warnings) };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, ...response } };
}

const warn = (warnings: readonly string[]): object =>
  warnings.length === 0
    ? {}
    : {
        warnings: warnings
          .slice(0, MOST_WARNINGS)
          .map((each) => shorten(`postern: ${each}`, LONGEST_WARNING)),
      };

const shorten = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
