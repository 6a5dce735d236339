import { createHash } from 'node:crypto'
import type { Random } from './clock.ts'
import type { Secret } from './secret.ts'
import { cryptSalt, sha512Crypt } from './sha512-crypt.ts'

/** A secret that is about to take the place of another, as templates read it: in the forms in which switches keep it, never in clear. */
export interface RotatedSecret {
  readonly secret: Secret
  readonly sha512: string
}

// What may be in a new secret: nothing that a shell, a command line of EOS or a file of YAML reads otherwise.
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** A new secret of so many characters, each as likely as the others: 5.8 bits a character. */
export function newSecretText(random: Random, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of Buffer.from(random.hex(64), 'hex')) {
      // What is left above the largest multiple would make the first characters likelier.
      if (byte < 256 - (256 % ALPHABET.length) && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return text
}

/** The hash of a secret as EOS keeps it (`$6$`, 5000 rounds), with a new salt. */
export function newHash(secret: Secret, random: Random): string {
  return sha512Crypt(secret.reveal(), cryptSalt(random.hex(16)))
}

// How SNMPv3 signs, by the name that EOS has for it, with the length of its key in bytes (RFC 3414 2.6, RFC 7860 4).
const SNMP_AUTH = { md5: 16, sha: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const

export type SnmpAuth = keyof typeof SNMP_AUTH

/** Every way in which SNMPv3 signs. */
export const SNMP_AUTHS = Object.keys(SNMP_AUTH) as readonly SnmpAuth[]

// A key of SNMPv3 is made of so much of the password, written again and again (RFC 3414 A.2).
const STRETCHED = 1_048_576

/** The key of a password for one SNMP engine, in hex, as `snmp-server user … localized` has it (RFC 3414 2.6 and A.2). `engine` is its id in hex. */
export function localizedKey(secret: Secret, engine: string, auth: SnmpAuth): string {
  const algorithm = auth === 'sha' ? 'sha1' : auth
  const stretched = Buffer.alloc(STRETCHED, Buffer.from(secret.reveal(), 'utf8'))
  const key = createHash(algorithm).update(stretched).digest()
  const id = Buffer.from(engine, 'hex')
  return createHash(algorithm)
    .update(key)
    .update(id)
    .update(key)
    .digest('hex')
    .slice(0, SNMP_AUTH[auth] * 2)
}
