import { expect, test } from 'vitest'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import { localizedKey, newHash, newSecretText } from '../../src/model/rotated-secret.ts'
import { Secret } from '../../src/model/secret.ts'
import { matchesSha512Crypt } from '../../src/model/sha512-crypt.ts'

// RFC 3414 A.3.1 and A.3.2: the password `maplesyrup` and the engine 00 … 02.
test.each([
  ['md5', '526f5eed9fcce26f8964c2930787d82b'],
  ['sha', '6695febc9288e36282235fc7151f128497b38f3f'],
] as const)('the localized key of RFC 3414 for %s', (auth, key) => {
  expect(localizedKey(new Secret('maplesyrup'), '000000000000000000000002', auth)).toBe(key)
})

test.each([
  ['sha224', 56],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
] as const)('a key of %s is as long as its digest', (auth, length) => {
  expect(localizedKey(new Secret('maplesyrup'), '000000000000000000000002', auth)).toHaveLength(length)
})

test('a new secret has as many characters as it is to have, of the alphabet alone, and each as likely', () => {
  const random = new SeededRandom(7)
  const text = newSecretText(random, 56_000)
  expect(text).toMatch(/^[A-HJ-NP-Za-km-z2-9]{56000}$/)
  const counts = [...new Set(text)].map((one) => text.split(one).length - 1)
  expect(counts.length).toBeGreaterThanOrEqual(56)
  expect(Math.min(...counts)).toBeGreaterThan(850)
  expect(Math.max(...counts)).toBeLessThan(1150)
  expect(newSecretText(random, 12)).not.toBe(newSecretText(random, 12))
})

test('a hash is that of the secret, with another salt each time', () => {
  const random = new SeededRandom(7)
  const [one, other] = [newHash(new Secret('a secret'), random), newHash(new Secret('a secret'), random)]
  expect(one).not.toBe(other)
  expect([matchesSha512Crypt('a secret', one), matchesSha512Crypt('a secret', other)]).toEqual([true, true])
})
