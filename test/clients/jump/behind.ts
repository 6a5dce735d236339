import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceTarget } from '../../../src/device/transport.ts'
import type { LoopbackHost } from '../../../src/sim/listener/switch-listener.ts'
import type { FabricPorts } from '../../../src/trial/start-fabric.ts'
import { openLab, type SocketLab } from '../../lab/lab.ts'
import { BOOT } from '../../transport/device-contract.ts'
import { SSH_USER, type Sshd } from './sshd.ts'

/** How one switch is reached through jump hosts. */
export interface Behind extends FabricPorts {
  readonly hops: readonly Sshd[]
  readonly over: DeviceTarget['transport']
  readonly workflow: string
  /** Where the switch is. Default 127.0.0.1. */
  readonly host?: LoopbackHost
  /** The same as the last jump host knows it. */
  readonly at?: string
  /** Lines of its configuration beside those of the contract. */
  readonly config?: string
  /** Who logs in to the jump hosts, and to the switch. Default: by a key, and by a password, each in a file. */
  readonly jumper?: object
  readonly operator?: object
  readonly env?: Readonly<Record<string, string>>
}

/** A project of one switch, leaf1, that is behind jump hosts. */
export async function benchBehind({
  hops,
  over,
  workflow,
  host,
  at,
  config = '',
  env,
  ...given
}: Behind): Promise<SocketLab> {
  const { clock, jumper, operator } = given
  const bench = await openLab({
    world: 'sockets',
    switches: {
      config: BOOT.replace('vlan 10\n', () => `${config}vlan 10\n`),
      eos: '4.32.2F',
      name: 'leaf1',
      password: 'invented-5Qd',
      ...(host === undefined ? {} : { host }),
      ...(clock === undefined ? {} : { clock }),
    },
    files: { 'workflow.yaml': workflow },
    ...(env === undefined ? {} : { env }),
  })
  const { username, password, https, ssh } = bench.fabric.device('leaf1')
  writeFileSync(join(bench.dir, 'ca.pem'), bench.fabric.ca)
  const [secret, key] = ['password', 'key'].map((name) => join(bench.dir, `${name}.secret`)) as [string, string]
  writeFileSync(secret, password, { mode: 0o600 })
  writeFileSync(key, SSH_USER.key.private, { mode: 0o600 })
  const leaf1 =
    over === 'eapi'
      ? { host: at ?? https.host, port: https.port, tls: { ca: 'ca.pem' } }
      : { host: at ?? ssh.host, port: ssh.port, transport: 'ssh', ssh: { hostKey: ssh.hostKey } }
  bench.write(
    'inventory.yaml',
    JSON.stringify({
      defaults: { credentials: 'operator', via: hops.map(({ hop }) => hop.name) },
      credentials: {
        operator: operator ?? { username, password: `\${file:${secret}}` },
        jumper: jumper ?? { username: SSH_USER.username, key: `\${file:${key}}` },
      },
      jumps: Object.fromEntries(
        hops.map(({ hop: { name, host: where, port, hostKey } }) => [
          name,
          {
            host: where,
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
