import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printedRedactor, redactPrinted } from '../../../src/eos/config/secrets/redact-answer.ts'
import { DC1 } from '../../lab/checkout.ts'

const placeholder = (secret: string) => `<redacted:${String(secret.length).padStart(8, '0')}>`

/** Lines that hold a secret, or look as if they did. */
const LINES = [
  'username netops privilege 15 secret sha512 $6$abcdefgh$x',
  'Community name: d1-Tr4ce-7Ke',
  '  Security name: d1-Tr4ce-7Ke  user: d1-Tr4ce-7Ke   security model: v2c',
  'key: abc',
  'Public key: abc',
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----BEGIN CERTIFICATE-----',
  'MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQYx2eqzDV+xeG8kx',
  'QmlQYx2eqzDV',
  'Proc-Type: 4,ENCRYPTED',
  '-----END RSA PRIVATE KEY-----',
  'Ethernet1 is up, line protocol is up (connected)',
  '',
  'EOF',
]

test('what is kept of lines changes nothing: any lines in any order, twice', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 30 }), (lines) => {
      const text = lines.join('\n')
      const redactor = printedRedactor(placeholder)
      const expected = redactPrinted(text, placeholder)
      expect([redactor(text), redactor(text)]).toEqual([expected, expected])
    }),
  )
})

test('every configuration of the fabric comes out as without it, and no line with a secret is kept', () => {
  const redactor = printedRedactor(placeholder)
  const texts = readdirSync(DC1, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(join(DC1, name, 'running-config'), 'utf8'))
  expect(texts).toHaveLength(6)
  for (const text of texts) {
    expect(redactor(text)).toBe(redactPrinted(text, placeholder))
    expect(redactor(text)).not.toContain('d1-Tr4ce-7Ke')
  }
})
