// What a sidecar needs in; the pod's volumes for it, and where it mounts them, out.
import type { Credentials } from './credentials.ts';
import { PATHS, VOLUMES } from './names.ts';

export interface Volume {
  readonly name: string;
  readonly volume: object;
  readonly mount: object;
}

const READABLE = 0o444;
const READABLE_BY_GROUP = 0o440;
const USUAL_MODE = 0o644;

export interface VolumesAsked {
  readonly hasTrust: boolean;
  readonly credentials: Credentials | null;
  /** The pod gives its volumes to a group. */
  readonly hasGroup: boolean;
}

/** Every default of the API server is written out, so that a second look finds what the first one wrote. */
export function volumesFor({ hasTrust, credentials, hasGroup }: VolumesAsked): readonly Volume[] {
  return [
    volume('state', { emptyDir: { sizeLimit: '64Mi' } }, false),
    volume('identity', { projected: { defaultMode: USUAL_MODE, sources: IDENTITY } }),
    volume('bundle', { configMap: { name: 'postern-bundle', optional: true, defaultMode: USUAL_MODE } }),
    ...(hasTrust
      ? [
          volume('trust', { emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } }, false),
          volume('keys', { emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }, false),
        ]
      : []),
    ...(credentials === null ? [] : [credentialVolume(credentials, hasGroup)]),
  ];
}

const IDENTITY = [
  { serviceAccountToken: { audience: 'postern', expirationSeconds: 3600, path: 'token' } },
  { configMap: { name: 'postern-ca', optional: true, items: [{ key: 'ca.pem', path: 'ca.pem' }] } },
];

/** A key that is not in the Secret keeps the pod from starting, and its events name it. */
const credentialVolume = ({ secret, upstreams }: Credentials, hasGroup: boolean): Volume =>
  volume('credentials', {
    projected: {
      defaultMode: hasGroup ? READABLE_BY_GROUP : READABLE,
      sources: [{ secret: { name: secret, items: upstreams.map((name) => ({ key: name, path: name })) } }],
    },
  });

const volume = (name: keyof typeof VOLUMES, source: object, isReadOnly = true): Volume => ({
  name: VOLUMES[name],
  volume: { name: VOLUMES[name], ...source },
  mount: { name: VOLUMES[name], mountPath: PATHS[name], ...(isReadOnly ? { readOnly: true } : {}) },
});
