// Certificates of the controller's own servers, and who trusts them. Heavy to load: never in the sidecar.
import 'reflect-metadata'; // first of all: the certificate library asks for it
export { openCertificates } from './certificates.ts';
export type { Certificates, CertificateSource } from './certificates.ts';
