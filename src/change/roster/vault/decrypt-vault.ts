import { createDecipheriv, createHmac } from 'node:crypto'
import { isSameBytes } from '../../../model/constant-time.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import { VaultFault } from './vault-fault.ts'
import type { DerivedKeys, VaultKeys } from './vault-keys.ts'

/** A password of ansible-vault. */
export interface VaultPassword {
  /** Its vault id: `default` where nobody gave it one. */
  readonly id: string
  /** The password, without the blanks and line ends around it in its file. */
  readonly secret: string
}

/** How many characters of an id a message shows. */
const SHOWN = 40

/**
 * The text that an envelope of ansible-vault 1.1 or 1.2 holds. The passwords of its id are tried first, then all others, as Ansible does
 * unless `DEFAULT_VAULT_ID_MATCH` is set. Throws {@link VaultFault}; nothing is decrypted whose HMAC is not right.
 */
export function decryptVault(envelope: string, passwords: readonly VaultPassword[], keys: VaultKeys): string {
  const read = readEnvelope(envelope)
  const isOwn = ({ id }: VaultPassword): boolean => id === read.id
  const tried = [...passwords.filter(isOwn), ...passwords.filter((password) => !isOwn(password))]
  for (const { secret } of tried) {
    const derived = keys.of(secret, read.salt)
    if (isSameBytes(createHmac('sha256', derived.hmac).update(read.ciphertext).digest(), read.hmac))
      return textOf(read, derived)
  }
  throw closed(read.id, tried.length, passwords.some(isOwn))
}

function textOf({ ciphertext }: Envelope, { cipher, counter }: DerivedKeys): string {
  const decipher = createDecipheriv('aes-256-ctr', cipher, counter)
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()])
  const pad = padded.at(-1) ?? 0
  const isPadded = pad >= 1 && pad <= 16 && padded.subarray(-pad).every((byte) => byte === pad)
  if (!isPadded) throw new VaultFault('damaged', 'the vault is damaged: its text does not end with PKCS #7 padding')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(padded.subarray(0, -pad))
  } catch {
    throw new VaultFault('damaged', 'what the vault holds is no UTF-8 text')
  }
}

function closed(id: string, tried: number, hasOwn: boolean): VaultFault {
  const shown = `vault id \`${[...id.replace(/\p{C}/gu, '�')].slice(0, SHOWN).join('')}\``
  if (tried === 0) return new VaultFault('no-password', `${shown}: no password`)
  if (hasOwn) return new VaultFault('wrong-password', `${shown}: its password does not open the vault`)
  const others = tried === 1 ? 'the password of another id does' : `the ${tried} passwords of other ids do`
  return new VaultFault('no-password', `${shown}: no password for it, and ${others} not open the vault`)
}
