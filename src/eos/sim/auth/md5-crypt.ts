import { createHash } from 'node:crypto'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ROUNDS = 1000
const EMPTY = Buffer.alloc(1)
/** The order in which crypt(3) reads the first 15 digest bytes, three at a time; byte 11 comes last and alone. */
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const

/**
 * The crypt(3) hash that EOS stores for `secret 5`: `$1$<salt>$<22 characters>`, MD5 with 1,000 rounds (Kamp's
 * specification). `salt` is cut at 8 characters. Node has no crypt(3).
 */
export function md5Crypt(password: string, salt: string): string {
  const key = Buffer.from(password, 'utf8')
  const seed = Buffer.from(salt.slice(0, 8), 'utf8')
  let digest = firstDigest(key, seed)
  for (let round = 0; round < ROUNDS; round += 1) {
    const odd = round % 2 === 1
    const parts = [odd ? key : digest]
    if (round % 3 !== 0) parts.push(seed)
    if (round % 7 !== 0) parts.push(key)
    parts.push(odd ? digest : key)
    digest = md5(...parts)
  }
  return `$1$${seed.toString('utf8')}$${encoded(digest)}`
}

function firstDigest(key: Buffer, seed: Buffer): Buffer {
  const alternate = md5(key, seed, key)
  const parts = [key, Buffer.from('$1$'), seed]
  for (let left = key.length; left > 0; left -= 16) parts.push(alternate.subarray(0, Math.min(16, left)))
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? EMPTY : key.subarray(0, 1))
  return md5(...parts)
}

function md5(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function encoded(digest: Buffer): string {
  const at = (index: number): number => digest[index] ?? 0
  const groups = ORDER.map(([a, b, c]) => characters((at(a) << 16) | (at(b) << 8) | at(c), 4))
  return [...groups, characters(at(11), 2)].join('')
}

/** Six bits a character, the lowest first. */
function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => ALPHABET.charAt((value >> (6 * index)) & 63)).join('')
}
