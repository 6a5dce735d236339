import { writeFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eapiTransport } from '../../src/eos/transport/eapi/eapi-transport.ts'
import { EosflowError } from '../../src/model/error.ts'
import { noFence } from '../../src/model/fence.ts'
import { Secret } from '../../src/model/secret.ts'
import { exits, runningConfig } from '../lab/lab.ts'
import { startVault } from '../project/secret/vault-server.ts'
import { type Asked, type CredentialsBench, credentialsBench, READER, WRITER } from './credentials-bench.ts'

const VLAN = ['workflows/add-vlan.yaml', '-p', 'vlan=120'] as const
const NEXT = 'rotated-in-november'

/** Plans the change and runs it with its approval. */
async function change(bench: CredentialsBench) {
  const planned = await bench.eosflow('plan', ...VLAN, '-o', 'p.plan', '--json')
  if (planned.code !== 0) throw new Error(planned.err)
  const { plan } = JSON.parse(planned.out) as { plan: { digest: string } }
  return bench.eosflow(`run p.plan --approve ${plan.digest}`)
}

const leaf1 = ({ fabric }: CredentialsBench) => fabric.device('leaf1')
const armed = (bench: CredentialsBench) => leaf1(bench).counters().commits.timed
describe('a switch with a user that reads and one that writes', () => {
  test('is read by the one, changed by the other, and the reading one could not have changed it', async () => {
    const bench = await credentialsBench()
    const { code, err } = await change(bench)
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
    expect(runningConfig(leaf1(bench))).toContain('vlan 120')
    expect(bench.asked.map(({ user, verb }) => `${user === READER.username ? 'reads' : 'writes'}: ${verb}`)).toEqual([
      'reads: look',
      'writes: stage',
      'writes: look',
      'writes: stage',
      'writes: replay',
      'writes: arm',
      'writes: look',
      'reads: look',
      'writes: readConfig',
      'writes: confirm',
      'writes: save',
    ])
  })

  test.each([
    ['stage', { session: 's', mode: 'merge', commands: [{ cmd: 'vlan 66' }] }],
    ['arm', 's', 60],
    ['confirm', 's'],
    ['save'],
    ['restore', 'c'],
  ] as const)('refuses %s of the one that reads', async (verb, ...given) => {
    const bench = await credentialsBench()
    const before = runningConfig(leaf1(bench))
    const { host, port } = leaf1(bench).http
    const target = { name: 'leaf1', host, port, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } } as const
    const reader = await eapiTransport().connect(target, { ...READER, password: new Secret(READER.password) }, noFence)
    expect((await reader.look([])).identity.serial).toBe('JPE00000001')
    const ask = reader[verb] as (...given: readonly unknown[]) => Promise<unknown>
    const refused: unknown = await ask.apply(reader, given).catch((error: unknown) => error)
    await reader.close()
    expect(refused instanceof EosflowError && [refused.kind, refused.message]).toEqual([
      'refused',
      expect.stringContaining('Authorization denied'),
    ])
    expect(runningConfig(leaf1(bench))).toBe(before)
    expect(armed(bench)).toBe(0)
  })

  test('doctor resolves both and logs in with both, and prints neither', { tags: ['long', 'turn'] }, async () => {
    const bench = await credentialsBench()
    const { code, out, err } = await bench.eosflow('doctor --all')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`credential operator: user ${WRITER.username}, from \${file:${bench.kept}}`)
    expect(out).toContain(`credential reader: user ${READER.username}, from \${env:EOSFLOW_RO}`)
    expect(new Set(bench.asked.map(({ user }) => user))).toEqual(new Set([WRITER.username, READER.username]))
    expect(out).not.toMatch(new RegExp(`${WRITER.password}|${READER.password}`))
  })
})

describe('a password that is changed in mid-execution', () => {
  /** Changes it at the switch, and where it is kept unless somebody forgot, right before the nth verb of the user that writes. */
  const rotateBefore = (bench: CredentialsBench, verb: string, nth: number, isKept = true) => {
    let seen = 0
    bench.before = (asked: Asked) => {
      if (asked.user !== WRITER.username || asked.verb !== verb) return
      seen += 1
      if (seen !== nth) return
      bench.changePassword(NEXT)
      if (isKept) writeFileSync(bench.kept, NEXT)
    }
  }

  test('before the change is staged: the read is sent again with the new one, and the change goes on', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await credentialsBench()
    rotateBefore(bench, 'look', 1)
    const { code, out, err } = await change(bench)
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
    expect(
      leaf1(bench)
        .requests()
        .filter(({ answer }) => answer === 401),
    ).toHaveLength(1)
    expect(armed(bench)).toBe(1)
    expect(out + err).not.toContain(NEXT)
  })

  test('before the confirm: it is read again first, so the confirm is sent once', { tags: 'long' }, async () => {
    const bench = await credentialsBench()
    rotateBefore(bench, 'readConfig', 1)
    await exits(0, change(bench))
    expect(bench.asked.filter(({ verb }) => verb === 'confirm')).toHaveLength(1)
    expect(
      leaf1(bench)
        .requests()
        .filter(({ answer }) => answer === 401),
    ).toHaveLength(1)
  })

  test('right before the timed commit: that is not sent again, and the switch is put back with the new one', {
    tags: 'long',
  }, async () => {
    const bench = await credentialsBench()
    const before = runningConfig(leaf1(bench))
    rotateBefore(bench, 'arm', 1)
    const { err } = await exits(6, change(bench))
    expect(err).toContain('the switch refused the user')
    expect(bench.asked.filter(({ verb }) => verb === 'arm')).toHaveLength(1)
    expect(armed(bench)).toBe(0)
    expect(runningConfig(leaf1(bench))).toBe(before)
  })

  test('and not where it is kept: refused after one login, so that no account is locked', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await credentialsBench()
    rotateBefore(bench, 'look', 1, false)
    const { err } = await exits(10, change(bench))
    expect(err).toContain('the switch refused the user')
    const logins = leaf1(bench)
      .requests()
      .filter(({ answer }) => answer === 401)
    expect(logins).toHaveLength(1)
    expect(armed(bench)).toBe(0)
  })
})

describe('credentials in Vault', () => {
  const TOKEN = 'hvs.operator-token-1'
  const PINNED = `\${vault:kv/data/net/leaf1#password@1}`

  async function vaultBench(password: string) {
    const vault = await startVault()
    onTestFinished(() => vault.close())
    const { state } = vault
    state.now = Date.now()
    state.tokens.set(TOKEN, { policies: ['kv/', 'ldap/', 'sys/leases/revoke'], until: 0, renewable: false, max: 0 })
    state.kv.set('kv/data/net/leaf1', [{ data: { password: WRITER.password } }])
    const settings = `secrets: { vault: { address: '${vault.address}', login: { token: '\${env:VAULT_TOKEN}' } } }\n`
    const bench = await credentialsBench({ password, settings, env: { VAULT_TOKEN: TOKEN } })
    return { bench, vault }
  }

  test('change the switch; the record names references and versions, and no value', async () => {
    const { bench } = await vaultBench(PINNED)
    const { code, err } = await change(bench)
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
    const { out } = await bench.eosflow('history @latest --json')
    const events = JSON.parse(out) as { type: string; reference?: string; version?: string; outcome?: string }[]
    const resolved = events.filter(({ type }) => type === 'SecretResolved')
    expect(resolved.map(({ reference, version, outcome }) => [reference, version, outcome])).toEqual([
      [`\${env:VAULT_TOKEN}`, undefined, 'ok'],
      [PINNED, '1', 'ok'],
      [`\${env:EOSFLOW_RO}`, undefined, 'ok'],
    ])
    expect(out).not.toMatch(new RegExp(`${WRITER.password}|${TOKEN}`))
  })

  test('are pinned by the plan: another version is another plan, and one that is gone is said plainly', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, vault } = await vaultBench(PINNED)
    const planned = await bench.eosflow('plan', ...VLAN, '-o', 'p.plan', '--json')
    const { plan } = JSON.parse(planned.out) as { plan: { digest: string; content: { secretRefs: string[] } } }
    expect(plan.content.secretRefs).toEqual([PINNED])
    vault.state.kv.set('kv/data/net/leaf1', [{ data: null, destroyed: true }, { data: { password: WRITER.password } }])
    const gone = await bench.eosflow(`run p.plan --approve ${plan.digest}`)
    expect([gone.code, gone.err]).toEqual([3, expect.stringContaining('version 1 of kv/data/net/leaf1 was destroyed')])
    const { readFileSync } = await import('node:fs')
    const inventory = readFileSync(`${bench.dir}/inventory.yaml`, 'utf8')
    bench.write('inventory.yaml', inventory.replace('password@1', 'password@2'))
    await bench.exits(5, `run p.plan --approve ${plan.digest}`)
    expect(armed(bench)).toBe(0)
  })

  test('that end under the commit timer are not pushed with: nothing is sent that writes', async () => {
    const { bench, vault } = await vaultBench(`\${vault:kv/data/net/leaf1#password}`)
    const planned = await bench.eosflow('plan', ...VLAN, '-o', 'p.plan', '--json')
    const { plan } = JSON.parse(planned.out) as { plan: { digest: string } }
    const until = new Date(Date.now() + 180_000).toISOString()
    vault.state.customMetadata.set('kv/data/net/leaf1', { valid_until: until })
    const asked = bench.asked.length
    const { err } = await bench.exits(10, `run p.plan --approve ${plan.digest}`)
    expect(err).toContain(`which ${WRITER.username} logs in with, ends at ${until}`)
    expect(bench.asked.slice(asked).filter(({ verb }) => verb !== 'look' && verb !== 'readConfig')).toEqual([])
    expect(armed(bench)).toBe(0)
  })

  test('that are leased are renewed to outlive the timer, and given back at the end', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, vault } = await vaultBench(`\${vault:ldap/creds/eosflow#password}`)
    vault.state.lease = { seconds: 60, max: 3600, renewable: true }
    bench.before = () => bench.changePassword(`dynamic-password-${vault.state.issued}`)
    const { code, err } = await change(bench)
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
    const renewed = vault.requests.filter(({ line }) => line === 'PUT /v1/sys/leases/renew')
    expect(renewed.map(({ body }) => body.increment)).toEqual([240])
    expect(vault.state.leases.size).toBe(0)
    expect(vault.state.revoked.length).toBe(2)
  })

  test('are asked for by every command that reads as the reading user only, and given back by each that had them', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, vault } = await vaultBench(`\${vault:ldap/creds/eosflow#password}`)
    bench.before = () => bench.changePassword(`dynamic-password-${vault.state.issued}`)
    for (const argv of [['snapshot', 'take', 'before'], ['sessions', 'list'], ['drift'], ['recover', '--scan']]) {
      expect([argv, (await bench.eosflow(...argv)).code]).toEqual([argv, 0])
    }
    expect(new Set(bench.asked.map(({ user }) => user))).toEqual(new Set([READER.username]))
    expect(vault.state.issued).toBe(0)
    await bench.ok('sessions gc')
    expect([vault.state.issued, vault.state.revoked.length, vault.state.leases.size]).toEqual([1, 1, 0])
  })

  test('that Vault does not lease for so long are not pushed with, and given back all the same', {
    tags: ['long', 'turn'],
  }, async () => {
    const { bench, vault } = await vaultBench(`\${vault:ldap/creds/eosflow#password}`)
    vault.state.lease = { seconds: 60, max: 120, renewable: true }
    bench.before = () => bench.changePassword(`dynamic-password-${vault.state.issued}`)
    const { code, err } = await change(bench)
    expect([code, err]).toEqual([10, expect.stringMatching(/ends at .*: a confirm or a rollback may need it until/)])
    expect(armed(bench)).toBe(0)
    expect(vault.state.leases.size).toBe(0)
  })
})
