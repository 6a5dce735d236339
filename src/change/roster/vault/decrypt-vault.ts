import { createDecipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { isSameBytes } from '../../../model/constant-time.ts'
import { keptIn } from '../../../model/once.ts'

type VaultReason = 'no-password' | 'wrong-password' | 'damaged'

/** Its message holds nothing of a password or of what is encrypted. */
export class VaultFault extends Error {
  readonly reason: VaultReason

  constructor(reason: VaultReason, message: string) {
    super(message)
    this.reason = reason
  }
}

interface DerivedKeys {
  readonly cipher: Buffer
  readonly hmac: Buffer
  readonly counter: Buffer
}

const ROUNDS = 10_000

/** Deriving takes milliseconds by design, one envelope is often that of a group and read for each of its hosts, and a process may read an inventory more than once. */
export class VaultKeys {
  readonly #known = new Map<string, DerivedKeys>()

  of(secret: string, salt: Buffer): DerivedKeys {
    const name = `${createHash('sha256').update(secret).digest('hex')} ${salt.toString('hex')}`
    return keptIn(this.#known, name, () => {
      const bytes = pbkdf2Sync(secret, salt, ROUNDS, 80, 'sha256')
      return { cipher: bytes.subarray(0, 32), hmac: bytes.subarray(32, 64), counter: bytes.subarray(64) }
    })
  }
}

interface Envelope {
  readonly id: string
  readonly salt: Buffer
  readonly hmac: Buffer
  readonly ciphertext: Buffer
}

const BEGIN = '$ANSIBLE_VAULT'
const VERSIONS: readonly string[] = ['1.1', '1.2']
const LINE_END = /\r\n?|\n/
// Without a group: V8 has a frame of its stack for each time that a group is repeated, and a part may be of many millions.
const HEX = /^[\da-f]*$/i
const BLOCK = 16

// Throws {@link VaultFault} where it is damaged.
function readEnvelope(text: string): Envelope {
  const [header = '', ...lines] = text.trim().split(LINE_END)
  const [begin, version = '', cipher = '', id] = header.split(';').map((part) => part.trim())
  if (begin !== BEGIN) throw damaged(1, `it does not begin with \`${BEGIN}\``)
  if (!VERSIONS.includes(version)) throw damaged(1, 'its version is neither 1.1 nor 1.2')
  if (cipher !== 'AES256') throw damaged(1, 'its cipher is not AES256')
  const [salt, hmac, ciphertext] = partsOf(lines)
  if (hmac.length !== 32) throw damaged(2, 'its HMAC does not have 32 bytes')
  if (ciphertext.length === 0 || ciphertext.length % BLOCK !== 0)
    throw damaged(lines.length + 1, `its ciphertext is not made of whole blocks of ${BLOCK} bytes`)
  return { id: id === undefined || id === '' ? 'default' : id, salt, hmac, ciphertext }
}

function partsOf(lines: readonly string[]): [Buffer, Buffer, Buffer] {
  const wrong = lines.findIndex((line) => !/^[\da-f]*$/i.test(line))
  if (wrong >= 0) throw damaged(wrong + 2, 'the line does not consist of hexadecimal digits')
  const outer = lines.join('')
  if (outer.length % 2 !== 0) throw damaged(lines.length + 1, 'a hexadecimal digit is missing')
  const parts = Buffer.from(outer, 'hex').toString('latin1').split('\n')
  const [salt, hmac, ciphertext] = parts.map((part) =>
    part.length % 2 === 0 && HEX.test(part) ? Buffer.from(part, 'hex') : undefined,
  )
  if (parts.length !== 3 || salt === undefined || hmac === undefined || ciphertext === undefined)
    throw damaged(2, 'its lines do not hold a salt, an HMAC and a ciphertext')
  return [salt, hmac, ciphertext]
}

function damaged(line: number, why: string) {
  return new VaultFault('damaged', `the vault is damaged: ${why} (line ${line} of the vault)`)
}

export interface VaultPassword {
  readonly id: string
  /** The password, without the blanks and line ends around it in its file. */
  readonly secret: string
}

// How many characters of an id a message shows.
const SHOWN = 40

/** The text that an envelope of ansible-vault 1.1 or 1.2 holds. The passwords of its id are tried first, then all others, as Ansible does unless `DEFAULT_VAULT_ID_MATCH` is set. */
export function decryptVault(envelope: string, passwords: readonly VaultPassword[], keys: VaultKeys): string {
  const read = readEnvelope(envelope)
  const isOwn = ({ id }: VaultPassword) => id === read.id
  const tried = [...passwords.filter(isOwn), ...passwords.filter((password) => !isOwn(password))]
  for (const { secret } of tried) {
    const derived = keys.of(secret, read.salt)
    if (isSameBytes(createHmac('sha256', derived.hmac).update(read.ciphertext).digest(), read.hmac))
      return textOf(read, derived)
  }
  throw closed(read.id, tried.length, passwords.some(isOwn))
}

function textOf({ ciphertext }: Envelope, { cipher, counter }: DerivedKeys) {
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

function closed(id: string, tried: number, hasOwn: boolean) {
  const shown = `vault id \`${[...id.replace(/\p{C}/gu, '�')].slice(0, SHOWN).join('')}\``
  if (tried === 0) return new VaultFault('no-password', `${shown}: no password`)
  if (hasOwn) return new VaultFault('wrong-password', `${shown}: its password does not open the vault`)
  const others = tried === 1 ? 'the password of another id does' : `the ${tried} passwords of other ids do`
  return new VaultFault('no-password', `${shown}: no password for it, and ${others} not open the vault`)
}
