import { VaultFault } from './vault-fault.ts'

/** What an envelope of ansible-vault says before it is decrypted. */
export interface Envelope {
  /** `default` where the envelope names none: version 1.1 cannot. */
  readonly id: string
  readonly salt: Buffer
  readonly hmac: Buffer
  readonly ciphertext: Buffer
}

const BEGIN = '$ANSIBLE_VAULT'
const VERSIONS: readonly string[] = ['1.1', '1.2']
const LINE_END = /\r\n?|\n/
/** Without a group: V8 has a frame of its stack for each time that a group is repeated, and a part may be of many millions. */
const HEX = /^[\da-f]*$/i
const BLOCK = 16

/**
 * Reads an envelope: the line `$ANSIBLE_VAULT;VERSION;AES256[;ID]`, then lines of hexadecimal digits, which are the salt, the HMAC and
 * the ciphertext, each again in hexadecimal digits (Ansible's `parse_vaulttext`). Throws {@link VaultFault} where it is damaged.
 */
export function readEnvelope(text: string): Envelope {
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

function damaged(line: number, why: string): VaultFault {
  return new VaultFault('damaged', `the vault is damaged: ${why} (line ${line} of the vault)`)
}
