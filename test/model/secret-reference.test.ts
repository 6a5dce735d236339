import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFault, readReference, referenceText } from '../../src/model/secret-reference.ts'

const ref = (text: string) => `$\{${text}}`

describe('a reference to a secret', () => {
  test.each([
    ['env:EOSFLOW_RW', { provider: 'env', name: 'EOSFLOW_RW' }],
    ['file:/run/secrets/rw', { provider: 'file', path: '/run/secrets/rw' }],
    ['exec:pass', { provider: 'exec', name: 'pass' }],
    ['exec:pass?net/leaf1', { provider: 'exec', name: 'pass', key: 'net/leaf1' }],
    ['exec:aws?prod/eosflow#password', { provider: 'exec', name: 'aws', key: 'prod/eosflow#password' }],
    ['vault:kv/data/net/leaf1#password', { provider: 'vault', path: 'kv/data/net/leaf1', field: 'password' }],
    ['vault:kv/data/net#rw@7', { provider: 'vault', path: 'kv/data/net', field: 'rw', version: 7 }],
    ['vault:kv/data/sign/leaf1#rw', { provider: 'vault', path: 'kv/data/sign/leaf1', field: 'rw' }],
    [
      'vault:ldap/static-cred/eosflow#password',
      { provider: 'vault', path: 'ldap/static-cred/eosflow', field: 'password' },
    ],
  ])('%s is read, and written as it was', (text, expected) => {
    const read = readReference(ref(text))
    expect(read).toEqual(expected)
    expect(read === undefined || isFault(read) ? undefined : referenceText(read)).toBe(ref(text))
  })

  test.each([
    ['env:', /not a name of an environment variable: ""/],
    ['env:A B', /not a name of an environment variable: "A B"/],
    ['env:1A', /not a name/],
    ['file:secrets/rw', /must be absolute: "secrets\/rw"/],
    ['exec:', /not a program of the settings/],
    ['exec:pass show enable', /not a program of the settings/],
    ['exec:pass?', /not a program/],
    ['exec:pass?--help', /not a program/],
    ['exec:pass?a b', /not a program/],
    ['exec:pass?a;id', /not a program/],
    ['exec:../bin/sh?a', /not a program/],
    ['vault:kv#a', /not a path and a field/],
    ['vault:kv/data/net', /not a path and a field/],
    ['vault:/kv/data/net#a', /not a path and a field/],
    ['vault:kv/data/../sys/raw#a', /not a path and a field/],
    ['vault:kv/data/net?version=1#a', /not a path and a field/],
    ['vault:kv/data/net#a@0', /not a path and a field/],
    ['vault:kv/data/net#a@latest', /not a path and a field/],
    ['vault:sys/seal#a', /not a path and a field/],
    ['vault:auth/token/lookup-self#id', /not a path and a field/],
    ['vault:ssh/sign/eosflow#signed_key', /certificates that Vault signs are not built/],
    ['vault:team/ssh/sign/eosflow#signed_key', /certificates that Vault signs are not built/],
    ['aws-sm:net/leaf1#password@1', /does not speak to AWS itself \(aws-sm\)/],
    ['aws-ssm:/net/leaf1:3', /does not speak to AWS itself \(aws-ssm\)/],
    ['keychain:a', /not a reference/],
    ['ENV:A', /not a reference/],
  ])('%s is refused, with the mend', (text, message) => {
    const read = readReference(ref(text))
    expect(read !== undefined && isFault(read) ? read.fault : read).toMatch(message)
    expect(read !== undefined && isFault(read) ? read.hint : '').toMatch(/Write|Declare|give the user/)
  })

  test('is alone: nothing around it, and not two of them', () => {
    for (const text of [`x${ref('env:A')}`, `${ref('env:A')} `, `${ref('env:A')}${ref('env:B')}`, '${', '${env:A']) {
      expect(readReference(text)).toMatchObject({ fault: 'this is not a reference to a secret' })
    }
    expect(readReference('hunter2')).toBeUndefined()
  })

  test('what is read from any text is written as that text', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[A-Za-z_/][A-Za-z0-9._/#@?:=-]{0,12}$/),
      fc.stringMatching(/^[a-z.]{1,4}\/[a-z.]{1,4}#[a-z]{1,4}(@[0-9]{1,2})?$/),
      fc.stringMatching(/^[a-z]{1,4}(\?[a-z-]{1,4})?$/),
    )
    let read = 0
    fc.assert(
      fc.property(fc.constantFrom('env', 'file', 'exec', 'vault', 'aws-sm'), part, (provider, key) => {
        const reference = readReference(ref(`${provider}:${key}`))
        if (reference === undefined || isFault(reference)) return
        read += 1
        expect(referenceText(reference)).toBe(ref(`${provider}:${key}`))
      }),
      { numRuns: 2000 },
    )
    expect(read).toBeGreaterThan(300)
  })
})
