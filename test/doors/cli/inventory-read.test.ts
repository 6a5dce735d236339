import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { Secrets } from '../../../src/project/secret/secrets.ts'
import { inventoryLogins } from '../../../src/project/switches/inventory/inventory-logins.ts'
import { hasOpenssl, makeCertificates } from '../../eos/transport/eapi/test-certificates.ts'
import { exits, inProcess, temporaryFolder, warns, writeFiles } from '../../lab/lab.ts'

// Encrypted by ansible-vault 2.14.18 with the password below: `community: lowland-4711`.
const ENVELOPE = `$ANSIBLE_VAULT;1.1;AES256
30306330396633386262363139326366303534316365353966376337613364633362333337653333
6265336536363134303065633464316465646262616165620a353265356561353932386164613135
65333331386365373664616163363666626366623135316666323232313338653838336338366161
3838323530656330610a633466316330383163373730643537613539393235666532616161356630
66623864323830313636633436343266613036313134343063636336333932376565
`
const PASSWORD = 'correct-horse-9'

function folder(files: Readonly<Record<string, string>>) {
  const dir = temporaryFolder()
  writeFiles(dir, files)
  return dir
}

const FABRIC = {
  'hosts.yml': `LEAVES:
  vars: { mgmt: 192.0.2 }
  hosts:
    leaf1: { ansible_host: "{{ mgmt }}.11" }
    leaf2: { ansible_host: "{{ mgmt }}.12", note: "{{ nowhere }}" }
`,
  'group_vars/LEAVES.yml': ENVELOPE,
  pass: `${PASSWORD}\n`,
}
const read = (dir: string, ...args: readonly string[]) => inProcess(['inventory read', ...args], dir)
const varsIn = (stdout: string) => JSON.parse(stdout)._meta.hostvars

describe('inventory read', () => {
  test('prints what is written, without a project; what its file hides stays hidden', async () => {
    const { stdout } = await exits(0, read(folder(FABRIC), 'ansible', 'hosts.yml', '--vault-password-file', 'pass'))
    expect(varsIn(stdout)).toEqual({
      leaf1: { ansible_host: '{{ mgmt }}.11', community: '<secret>', mgmt: '192.0.2' },
      leaf2: { ansible_host: '{{ mgmt }}.12', community: '<secret>', mgmt: '192.0.2', note: '{{ nowhere }}' },
    })
  })

  test('renders, and says with a place what cannot be rendered, behind all that can', async () => {
    const dir = folder(FABRIC)
    const one = await exits(
      0,
      read(dir, 'ansible', 'hosts.yml', '--vault-password-file', 'default@pass', '--rendered', '--limit', 'leaf*[0]'),
    )
    expect(varsIn(one.stdout)).toEqual({
      leaf1: { ansible_host: '192.0.2.11', community: '<secret>', mgmt: '192.0.2' },
    })
    const both = await warns(
      3,
      read(dir, 'ansible', 'hosts.yml', '--vault-password-file', 'pass', '--rendered'),
      'hosts.yml:5:51: ',
    )
    expect(varsIn(both.stdout)).toMatchObject({
      leaf1: { ansible_host: '192.0.2.11' },
      leaf2: { ansible_host: '192.0.2.12' },
    })
    expect(both.stdout + both.stderr).not.toContain('lowland-4711')
  })

  test.each<[string, readonly string[], string]>([
    [
      'no password',
      ['ansible', 'hosts.yml'],
      'group_vars/LEAVES.yml:1:1: group_vars/LEAVES.yml: vault id `default`: no password',
    ],
    [
      'a wrong password',
      ['ansible', 'hosts.yml', '--vault-password-file', 'hosts.yml'],
      'its password does not open the vault',
    ],
    ['an unknown kind', ['ansibel', 'hosts.yml'], 'there is no kind of inventory "ansibel"'],
    ['a file that is not there', ['ansible', 'host.yml'], 'host.yml:1:1: host.yml is not there, or may not be read'],
    [
      'a pattern that means nothing',
      ['ansible', 'hosts.yml', '--vault-password-file', 'pass', '--limit', 'LEAFS'],
      '--limit: "LEAFS" means no host and no group',
    ],
  ])('refuses %s: exit 3, and nothing on stdout', async (_, args, message) => {
    const { stdout } = await warns(3, read(folder(FABRIC), ...args), message)
    expect(stdout).toBe('')
  })

  test.each<[string, Readonly<Record<string, string>>, readonly string[], unknown]>([
    [
      'nornir',
      {
        'inv/hosts.yaml': 'leaf1: { groups: [dc1], data: { asn: 65101 } }\n',
        'inv/groups.yaml': 'dc1: { data: { site: one } }\n',
      },
      ['inv'],
      { asn: 65101, site: 'one' },
    ],
    ['csv', { 'a.csv': 'hostname,role\nleaf1,leaf\n' }, ['a.csv'], { hostname: 'leaf1', role: 'leaf' }],
    [
      'anta',
      { 'a.yml': 'anta_inventory:\n  hosts:\n    - { host: 192.0.2.11, name: leaf1 }\n' },
      ['a.yml'],
      { host: '192.0.2.11', name: 'leaf1' },
    ],
    [
      'containerlab',
      { 'a.clab.yml': 'name: lab\ntopology:\n  nodes:\n    leaf1: { kind: ceos, mgmt-ipv4: 192.0.2.11 }\n' },
      ['a.clab.yml'],
      { kind: 'ceos', 'mgmt-ipv4': '192.0.2.11' },
    ],
  ])('reads %s too', async (kind, files, paths, vars) => {
    const { stdout } = await exits(0, read(folder(files), kind, ...paths))
    expect(varsIn(stdout)).toMatchObject({ leaf1: vars })
    expect(JSON.parse(stdout).all.children).toContain('ungrouped')
  })
})

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

  test.runIf(hasOpenssl)(
    'are good for so long as their certificate (needs the openssl command)',
    { tags: ['long', 'turn'] },
    async () => {
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
    },
  )
})
