import { createHash, type X509Certificate } from 'node:crypto'

/** The pin of a certificate: `sha256/` and the base64 digest of its public key (SubjectPublicKeyInfo), as in RFC 7469. */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256/${createHash('sha256').update(key).digest('base64')}`
}

/** Whether a text is a pin as {@link pinOf} writes it. */
export function isPin(text: string): boolean {
  return /^sha256\/[A-Za-z0-9+/]{43}=$/.test(text)
}

/** Whether a certificate carries the pinned key. The pin may be written in base64 or in hex, with or without its prefix. */
export function isPinned(certificate: X509Certificate, pin: string): boolean {
  const written = pin.trim().replace(/^sha256[/:]/i, '')
  const bare = written.replaceAll(':', '')
  const digest = /^[0-9a-f]{64}$/i.test(bare) ? Buffer.from(bare, 'hex') : Buffer.from(written, 'base64')
  return `sha256/${digest.toString('base64')}` === pinOf(certificate)
}
