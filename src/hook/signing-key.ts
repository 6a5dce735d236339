import { EosflowError } from '../model/error.ts'

/** The mark of a key of Standard Webhooks 1.0.0, section "Signature scheme". */
const MARK = 'whsec_'
/** A shorter key can be guessed: Standard Webhooks demands 24 bytes, and what people type has about as much in so many characters. */
const SHORTEST = 16

/** Whether a secret is a key that signs, and no token that is sent. */
export function isSigningKey(secret: string): boolean {
  return secret.startsWith(MARK)
}

/** The bytes of a key of Standard Webhooks: base64, with its mark or without. Throws `secret` where it is none. */
export function signingKey(secret: string): Buffer {
  const text = isSigningKey(secret) ? secret.slice(MARK.length) : secret
  const bytes = Buffer.from(text, 'base64')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && bytes.length >= SHORTEST) return bytes
  throw new EosflowError('secret', 'the key of a sender of events is no key of Standard Webhooks', {
    hint: `It is \`${MARK}\` and the base64 of 24 to 64 random bytes.`,
  })
}

/** A token or a secret as it is. Throws `secret` where it is so short that it can be guessed. */
export function longEnough(secret: string): string {
  if (secret.length >= SHORTEST) return secret
  throw new EosflowError('secret', `the secret of a sender of events has less than ${SHORTEST} characters`, {
    hint: 'Make a long one: openssl rand -hex 32',
  })
}
