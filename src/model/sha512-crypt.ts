import { createHash } from 'node:crypto'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ROUNDS = 5000
// The order in which crypt(3) reads the 64 digest bytes, three at a time.
const ORDER = [
  0, 21, 42, 22, 43, 1, 44, 2, 23, 3, 24, 45, 25, 46, 4, 47, 5, 26, 6, 27, 48, 28, 49, 7, 50, 8, 29, 9, 30, 51, 31, 52,
  10, 53, 11, 32, 12, 33, 54, 34, 55, 13, 56, 14, 35, 15, 36, 57, 37, 58, 16, 59, 17, 38, 18, 39, 60, 40, 61, 19, 62,
  20, 41, 63,
]

/** The crypt(3) hash that EOS stores for a secret: `$6$<salt>$<86 characters>`, SHA-512 with 5,000 rounds (Drepper's specification). `salt` is cut at 16 characters. */
export function sha512Crypt(password: string, salt: string): string {
  const key = Buffer.from(password, 'utf8')
  const seed = Buffer.from(salt.slice(0, 16), 'utf8')
  let digest = firstDigest(key, seed)
  const p = repeated(digestOf(...Array.from(key, () => key)), key.length)
  const s = repeated(digestOf(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => seed)), seed.length)
  for (let round = 0; round < ROUNDS; round += 1) digest = nextDigest(digest, p, s, round)
  return `$6$${seed.toString('utf8')}$${encoded(digest)}`
}

/** Whether a password is the one behind a `$6$` hash. Any other scheme never matches. */
export function matchesSha512Crypt(password: string, hash: string): boolean {
  const salt = /^\$6\$([^$]{1,16})\$/.exec(hash)?.[1]
  return salt !== undefined && sha512Crypt(password, salt) === hash
}

/** A 16-character salt from random bytes in hex. */
export function cryptSalt(hex: string): string {
  return Buffer.from(hex, 'hex')
    .subarray(0, 16)
    .reduce((salt, byte) => salt + ALPHABET.charAt(byte & 63), '')
}

function firstDigest(key: Buffer, seed: Buffer) {
  const alternate = digestOf(key, seed, key)
  const hash = createHash('sha512').update(key).update(seed).update(repeated(alternate, key.length))
  for (let bits = key.length; bits > 0; bits >>= 1) hash.update((bits & 1) === 1 ? alternate : key)
  return hash.digest()
}

function nextDigest(digest: Buffer, p: Buffer, s: Buffer, round: number) {
  const hash = createHash('sha512')
  const odd = round % 2 === 1
  hash.update(odd ? p : digest)
  if (round % 3 !== 0) hash.update(s)
  if (round % 7 !== 0) hash.update(p)
  return hash.update(odd ? digest : p).digest()
}

function digestOf(...parts: readonly Buffer[]) {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function repeated(block: Buffer, length: number) {
  return Buffer.alloc(length, block.length === 0 ? Buffer.alloc(1) : block)
}

function encoded(digest: Buffer) {
  let text = ''
  for (let at = 0; at < ORDER.length; at += 3) {
    text += group(ORDER.slice(at, at + 3).map((index) => digest[index] ?? 0))
  }
  return text
}

// Three bytes as four characters, one byte as two: low six bits first.
function group(bytes: readonly number[]) {
  let value = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  let text = ''
  for (let left = bytes.length + 1; left > 0; left -= 1) {
    text += ALPHABET.charAt(value & 63)
    value = Math.floor(value / 64)
  }
  return text
}
