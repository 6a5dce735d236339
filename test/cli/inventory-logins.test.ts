import { describe, expect, test } from 'vitest'
import { inventoryLogins } from '../../src/app/inventory/inventory-logins.ts'
import { parseInventory } from '../../src/inventory/inventory.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Secrets } from '../../src/secret/secrets.ts'
import { hasOpenssl, makeCertificates } from '../transport/eapi/test-certificates.ts'

const RO = `\${env:RO}`
const NOW = Date.parse('2026-11-20T12:00:00Z')
const INVENTORY = `defaults: { credentials: rw, readCredentials: ro }
credentials:
  rw: { username: eosflow-rw, key: "\${file:/k}", certificate: client.pem, enable: "\${env:EN}" }
  ro: { username: eosflow-ro, password: "\${env:RO}" }
devices: { leaf1: { host: 10.0.0.11 } }
`

/** The users of the inventory; each reference is good for so many minutes, or nobody knows how long. */
function logins(minutes: Readonly<Record<string, number>>, certificate = 'not read', now = NOW) {
  const inventory = parseInventory(INVENTORY, 'i')
  if (!inventory.ok) throw new Error(JSON.stringify(inventory.problems))
  const secrets: Secrets = {
    resolve: async (reference) => new Secret(reference),
    resolveAgain: async (reference) => new Secret(`${reference} again`),
    goodUntil: async (reference) => {
      const left = minutes[reference]
      return left === undefined ? undefined : now + left * 60_000
    },
    close: async () => [],
  }
  const readCertificate = async () => certificate
  const close = async () => undefined
  return inventoryLogins(inventory.value, { env: {}, secrets, readCertificate, now: () => now, close })
}

describe('the users of an inventory', () => {
  test('are the one that reads and the one that writes, with everything they log in with', async () => {
    const users = logins({})
    expect([users.userOf('leaf1', 'read'), users.userOf('leaf1', 'write')]).toEqual(['ro', 'rw'])
    const { privateKey, enable, certificate, username } = await users.credential('leaf1', 'rw', 'again')
    expect([username, privateKey?.reveal(), enable?.reveal(), certificate]).toEqual([
      'eosflow-rw',
      `\${file:/k} again`,
      `\${env:EN} again`,
      'not read',
    ])
    await expect(users.credential('leaf1', 'toString')).rejects.toThrow('leaf1: no credential')
  })

  test('are good for so long as the shortest of their secrets', async () => {
    const ro = logins({ [RO]: 10 })
    await ro.requireGoodFor('leaf1', 'ro', 10 * 60_000)
    await expect(ro.requireGoodFor('leaf1', 'ro', 10 * 60_000 + 1)).rejects.toMatchObject({
      kind: 'guard',
      device: 'leaf1',
      message: `leaf1: \${env:RO}, which eosflow-ro logs in with, ends at 2026-11-20T12:10:00.000Z: a confirm or a rollback may need it until 2026-11-20T12:10:00.001Z. Nothing was sent`,
    })
    await logins({}).requireGoodFor('leaf1', 'ro', 1e12)
  })

  test.runIf(hasOpenssl)('are good for so long as their certificate (needs the openssl command)', async () => {
    const { signed } = makeCertificates()
    const day = 24 * 3600_000
    const rw = logins({}, signed.cert, Date.now())
    await rw.requireGoodFor('leaf1', 'rw', day / 2)
    await expect(rw.requireGoodFor('leaf1', 'rw', 2 * day)).rejects.toThrow(
      /client\.pem, which eosflow-rw logs in with, ends at/,
    )
    await expect(logins({}).requireGoodFor('leaf1', 'rw', 1)).rejects.toMatchObject({
      kind: 'secret',
      message: 'the client certificate in client.pem cannot be read',
    })
  })
})
