import { SshReader, sshKeyType, strictBase64 } from './ssh-wire.ts'

type KeyForm = (reader: SshReader) => string | undefined

// The kinds of keys whose signatures can be verified here or by `ssh-keygen`, each with the form of its key.
const KEY_FORMS: Readonly<Record<string, KeyForm>> = {
  'ssh-ed25519': ed25519,
  'ssh-rsa': rsa,
  'ecdsa-sha2-nistp256': (reader) => ecdsa(reader, 'nistp256', 65),
  'ecdsa-sha2-nistp384': (reader) => ecdsa(reader, 'nistp384', 97),
  'ecdsa-sha2-nistp521': (reader) => ecdsa(reader, 'nistp521', 133),
  'sk-ssh-ed25519@openssh.com': (reader) => ed25519(reader) ?? token(reader),
  'sk-ecdsa-sha2-nistp256@openssh.com': (reader) => ecdsa(reader, 'nistp256', 65) ?? token(reader),
}

export const KEY_TYPES: readonly string[] = Object.keys(KEY_FORMS)

/**
 * A public key in the binary form of SSH, or why it is not taken. Each key has one form here, so that the same key cannot be two: what has anything
 * after its end, or a number that is written longer than it is, is refused.
 */
export function readKey(type: string, text: string): Buffer | string {
  const form = Object.hasOwn(KEY_FORMS, type) ? KEY_FORMS[type] : undefined
  if (form === undefined) return `${type} is not a type of key that eosflow can verify`
  const bytes = strictBase64(text)
  const other = `the key is not one of the kind ${type}`
  try {
    if (bytes === undefined || sshKeyType(bytes) !== type) return other
    const reader = new SshReader(bytes)
    reader.string()
    const why = form(reader)
    if (why !== undefined) return why === OTHER ? other : why
    return reader.isAtEnd ? bytes : other
  } catch {
    return other
  }
}

const OTHER = ''

// RFC 8709, section 4.
function ed25519(reader: SshReader): string | undefined {
  const point = Buffer.from(reader.string())
  if (point.length !== 32) return OTHER
  point[31] = (point[31] ?? 0) & 0x7f
  return SMALL_ORDER.includes(point.toString('hex'))
    ? 'anybody can sign for this key: its point has a small order'
    : undefined
}

// The points of small order of edwards25519 in all their encodings, without the bit of the sign (RFC 7748, section 7; libsodium,
// ge25519_has_small_order).
const SMALL_ORDER: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

// RFC 4253, section 6.6: the exponent, and the modulus.
function rsa(reader: SshReader): string | undefined {
  const [exponent, modulus] = [reader.string(), reader.string()]
  if (!isShortest(exponent) || !isShortest(modulus)) return OTHER
  const bits = (modulus[0] === 0 ? modulus.length - 1 : modulus.length) * 8
  if (bits < 2048) return 'an RSA key needs 2048 bits or more'
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1 && ((modulus.at(-1) ?? 0) & 1) === 1
  // With the exponent 1 a signature is what it signs.
  return isOdd && !(exponent.length === 1 && exponent[0] === 1) ? undefined : 'the key is no RSA key that can be used'
}

// A positive number in as few bytes as it needs (RFC 4251, section 5).
function isShortest(number: Buffer) {
  const [first = 0x80, second = 0] = number
  return first === 0 ? second >= 0x80 : first < 0x80
}

// RFC 5656, section 3.1: the curve, and a point that is not compressed.
function ecdsa(reader: SshReader, curve: string, length: number): string | undefined {
  const isOfCurve = reader.text() === curve
  const point = reader.string()
  return isOfCurve && point.length === length && point[0] === 4 ? undefined : OTHER
}

function token(reader: SshReader): string | undefined {
  return reader.text().startsWith('ssh:') ? undefined : OTHER
}

/** The one public key that a file of `ssh-keygen` holds, or why it is not taken. The comment behind the key is left out. */
export function readPublicKeyFile(text: string): { readonly type: string; readonly key: Buffer } | string {
  if (/PRIVATE KEY|^PuTTY-User-Key-File/m.test(text))
    return 'it is a private key, which stays with its owner: name the file that ends in .pub'
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#|$)/.test(line))
  const [line, ...others] = lines
  if (line === undefined) return 'it holds no key'
  if (others.length > 0) return `it holds ${lines.length} lines: a file with one public key is taken`
  const [type = '', key = ''] = line.trim().split(/[ \t]+/)
  if (/-cert-v\d+@openssh\.com$/.test(type)) return 'it is a certificate: name the public key itself'
  if (KEY_TYPES.includes(type)) {
    const read = readKey(type, key)
    return typeof read === 'string' ? read : { type, key: read }
  }
  const hasOptions = line.split(/[ \t]+/).some((word) => KEY_TYPES.includes(word))
  return hasOptions
    ? 'there is something before the key in its line, and options are not taken over: leave the key alone in the file'
    : 'it is not a public key of SSH: ssh-ed25519 AAAA…'
}
