import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { DeviceTarget } from '../../../src/device/transport.ts'
import { type Bench, startBench } from '../../e2e/harness.ts'
import { isSaved, whereIs, workflowFor } from '../../e2e/vlan-change.ts'
import { DC1 } from '../../lab/checkout.ts'
import { hasSshd, SSH_USER, type Sshd, startSshd, withoutSshd } from './sshd.ts'

describe.skipIf(!hasSshd)(`a change over two servers of OpenSSH${withoutSshd}`, () => {
  test.each(['eapi', 'ssh'] as const)(
    'over %s goes its whole way; where the second one is dead it is 10, and names it',
    async (over) => {
      const [bastion, core] = [await hop('bastion'), await hop('core')]
      const bench = await benchBehind([bastion, core], over, workflowFor('leaf1'))
      const leaf1 = bench.fabric.device('leaf1')
      const change = () => bench.eosflowWith({ answers: ['yes'] }, 'run', 'workflow.yaml')
      await core.kill()
      const dead = await change()
      expect(dead.code, dead.out + dead.err).toBe(10)
      expect(dead.out).toMatch(/leaf1: jump host core: the jump host bastion does not reach/)
      expect(leaf1.counters().requests).toBe(0)
      await core.revive()
      const ended = await change()
      expect(ended.code, ended.out + ended.err).toBe(0)
      expect([whereIs(leaf1), isSaved(leaf1)]).toEqual(['AFTER', true])
      expect(leaf1.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
      // Nobody's agent went along, and no shell was asked for.
      expect(bastion.log() + core.log()).not.toMatch(/auth-agent|Starting session/)
      expect(bastion.log()).toMatch(/Accepted publickey/)
    },
  )
})

async function hop(name: string): Promise<Sshd> {
  const sshd = await startSshd(name)
  onTestFinished(() => sshd.remove())
  return sshd
}

/** The fabric dc1 in a project that reaches leaf1 through jump hosts. */
async function benchBehind(hops: readonly Sshd[], over: DeviceTarget['transport'], workflow: string): Promise<Bench> {
  const bench = await startBench({ folder: DC1 }, { files: { 'workflow.yaml': workflow } })
  const { username, password, https, ssh } = bench.fabric.device('leaf1')
  writeFileSync(join(bench.dir, 'ca.pem'), bench.fabric.ca)
  const [secret, key] = ['password', 'key'].map((name) => join(bench.dir, `${name}.secret`)) as [string, string]
  writeFileSync(secret, password, { mode: 0o600 })
  writeFileSync(key, SSH_USER.key.private, { mode: 0o600 })
  const leaf1 =
    over === 'eapi'
      ? { host: https.host, port: https.port, tls: { ca: 'ca.pem' } }
      : { host: ssh.host, port: ssh.port, transport: 'ssh', ssh: { hostKey: ssh.hostKey } }
  bench.write(
    'inventory.yaml',
    JSON.stringify({
      defaults: { credentials: 'operator', via: hops.map((one) => one.hop.name) },
      credentials: {
        operator: { username, password: `\${file:${secret}}` },
        jumper: { username: SSH_USER.username, key: `\${file:${key}}` },
      },
      jumps: Object.fromEntries(
        hops.map(({ hop: { name, host, port, hostKey } }) => [
          name,
          {
            host,
            port,
            credentials: 'jumper',
            ssh: { hostKey: hostKey.mode === 'pin' ? hostKey.fingerprint : 'strict' },
          },
        ]),
      ),
      devices: { leaf1: { ...leaf1, tags: { mlag: 'leaf1' } } },
    }),
  )
  return bench
}
