import { EosflowError } from '../../model/error.ts'

/** The certificate of a switch was refused; the default certificate of EOS is self-signed, so this is met on day one (security 6.1). */
export function certificateRefused(device: string, reason: string): EosflowError {
  return new EosflowError('tls', `${device}: the certificate is refused: ${reason}`, {
    device,
    hint:
      'Either give the certificate authority that signed it (tls: { ca: FILE }), or read the key of its certificate ' +
      'on the console of the switch and pin it (tls: { pin: sha256/... }).',
  })
}

/** The switch and we found no common TLS: nothing of a request was sent. */
export function handshakeFailed(device: string, reason: string): EosflowError {
  return new EosflowError('tls', `${device}: the TLS handshake failed: ${reason}`, {
    device,
    hint: 'The switch must offer TLS 1.2 or later on this port (management security, ssl profile).',
  })
}
