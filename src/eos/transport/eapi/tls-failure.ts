import { EosflowError } from '../../../model/error.ts'

export type TlsFault = 'untrusted' | 'misnamed' | 'expired' | 'other-key' | 'handshake' | 'wants-certificate' | 'no-tls'

export type TlsMends = Readonly<Record<TlsFault, string>>

const COMPARE = 'on the console of the switch (show management security ssl certificate)'

/** The default certificate of EOS is self-signed, so `untrusted` is met on day one (docs/eos.md 1.1). */
export const SWITCH_MENDS: TlsMends = {
  untrusted: `Either give the certificate authority that signed it (tls: { ca: FILE }), or compare its key ${COMPARE} and pin it (tls: { pin: sha256/... }).`,
  misnamed:
    'Write the host in the inventory as the certificate names it, have it made for this name (subjectAltName), or pin its key (tls: { pin: sha256/... }).',
  expired:
    'Renew the certificate on the switch (security pki certificate generate) and compare the clocks of both; or pin its key, which does not expire (tls: { pin: sha256/... }).',
  'other-key': `Somebody may be between you and the switch, or its certificate was renewed: compare the key ${COMPARE} before you change what is trusted.`,
  handshake: 'The switch must offer TLS 1.2 or later on this port (management security, ssl profile).',
  'no-tls': 'Give the port of HTTPS (show management api http-commands), or let the switch offer HTTPS on this one.',
  'wants-certificate': `Give the user a client certificate that the switch trusts: certificate: FILE and key: \${file:PATH} under credentials.`,
}

/** The fault behind a code of Node or OpenSSL, where a certificate was judged. */
export function certificateFault(code: string): TlsFault {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'misnamed'
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' ? 'expired' : 'untrusted'
}

export function certificateRefused(device: string, reason: string, hint: string): EosflowError {
  return new EosflowError('tls', `${device}: the certificate is refused: ${reason}`, { device, hint })
}

export function handshakeFailed(device: string, reason: string, hint: string): EosflowError {
  return new EosflowError('tls', `${device}: the TLS handshake failed: ${reason}`, { device, hint })
}

// The codes of OpenSSL for what is no record of TLS at all, as the answer of plain HTTP or of SSH.
const NO_TLS = /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/

export function speaksNoTls(code: string): boolean {
  return NO_TLS.test(code)
}

// The alerts by which a server ends a handshake because of our certificate, or because it got none (RFC 8446 6.2). With TLS 1.3 they arrive
// when we hold the handshake to be over and have begun to send; the server has read none of it.
const ABOUT_OUR_CERTIFICATE =
  /^ERR_SSL_(?:TLSV1|TLSV13|SSLV3)_ALERT_(?:CERTIFICATE_\w+|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/

export function wantsClientCertificate(code: string): boolean {
  return ABOUT_OUR_CERTIFICATE.test(code)
}

export function clientCertificateRefused(reason: string, hint: string): EosflowError {
  return new EosflowError('tls', `the server wants a client certificate that it trusts: ${reason}`, { hint })
}
