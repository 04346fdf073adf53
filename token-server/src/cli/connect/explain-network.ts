import type { Address } from './settings.js';

const UNTRUSTED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Why no answer came, and what to do about it. */
export function explainNetwork(error: unknown, address: Address, timeoutMs: number): string {
  const { name, code = '', message } = error as NodeJS.ErrnoException;
  const at = address.name;
  if (name === 'TimeoutError')
    return `The server at ${at} did not answer within ${timeoutMs / 1000} s: see its log, or zhongkong doctor.`;
  if (code === 'EACCES')
    return `You may not open ${at} (EACCES): run this as a user who may use the server's socket.`;
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return `No server answers at ${at} (${code}): start one with zhongkong serve, or give its address with --url or ZHONGKONG_URL.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `There is no host ${address.base.hostname} (${code}): correct --url or ZHONGKONG_URL.`;
  if (UNTRUSTED.includes(code))
    return `The certificate of ${at} is signed by an authority that is not known here (${code}): give the authority's file with --ca.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `The certificate of ${at} is for another name: use a name in --url that it is made out to.`;
  if (code === 'CERT_HAS_EXPIRED') return `The certificate of ${at} has expired: renew it on the server.`;
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA/.test(code))
    return `The server at ${at} refuses the client certificate, or wants one (${code}): give it with --cert and --cert-key.`;
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_CRYPTO'))
    return `The files of --ca, --cert and --cert-key cannot be used (${code}): they must be PEM, and certificate and key must belong together.`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return `What answers at ${at} does not speak TLS: write http:// in --url.`;
  if (code === 'ECONNRESET')
    return `The connection to ${at} broke before the answer came (${code}): see that the server runs; if it has a certificate, write https:// in --url.`;
  if (code.startsWith('HPE_'))
    return `What answers at ${at} does not speak HTTP (${code}): if the server has a certificate, write https:// in --url.`;
  return `The server at ${at} cannot be reached (${code || message}): see that it runs, and correct --url or ZHONGKONG_URL.`;
}
