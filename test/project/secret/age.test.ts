import { generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { decryptWithAge, encryptWithAge, isAgeRecipient } from '../../../src/project/secret/age.ts'

/** The example of the manual of age (age(1), "EXAMPLES"), and what is none. */
test.each([
  ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p', true],
  ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q', false],
  ['age1x', false],
  ['', false],
])('that %s is a public key of age: %s', (text, is) => {
  expect(isAgeRecipient(text)).toBe(is)
})

test('a file of identities opens what is encrypted to one of them, whatever comments and blank lines it has', async () => {
  const [mine, other] = await Promise.all([generateIdentity(), generateIdentity()])
  const file = await encryptWithAge('hunter2', [await identityToRecipient(mine)])
  expect(file).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[\s\S]*-----END AGE ENCRYPTED FILE-----\n$/)
  expect(await decryptWithAge(file, `# made today\n\n${other}\n  ${mine}\r\n`)).toBe('hunter2')
  await expect(decryptWithAge(file, `${other}\n`)).rejects.toThrow("no identity matched any of the file's recipients")
})
