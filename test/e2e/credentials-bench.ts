import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Device, Transport } from '../../src/eos/device/device.ts'
import { noSeams } from '../../src/project/system/process/seams.ts'
import { openLab, type SocketLab, typed } from '../lab/lab.ts'
import { leaves, PROJECT_FILES } from './two-leaves.ts'

/** A verb that was asked of a switch, and by which user. */
export interface Asked {
  readonly user: string
  readonly verb: string
}

/** A leaf whose configuration knows a user that may read and one that may change it, and a project that logs in with both. */
export interface CredentialsBench extends SocketLab {
  /** Every verb that left for the switch, in order. */
  readonly asked: readonly Asked[]
  /** Called before each verb is sent. */
  before: (asked: Asked) => void | Promise<void>
  /** Changes the password of the user that writes at the switch alone, as a TACACS+ server would. */
  changePassword(password: string): void
  /** Where the project looks for the password of the user that writes, as it is kept in a file. */
  readonly kept: string
}

export const WRITER = { username: 'admin', password: 'writes-since-april' } as const
export const READER = { username: 'eosflow-ro', password: 'reads-since-march' } as const

/** The role may show everything and nothing else; commands are authorized by the switch itself. */
const USERS = `aaa authorization commands all default local
!
role eosflow-ro
   10 permit mode exec command (enable|show)
   20 deny command .*
!
username ${READER.username} privilege 15 role eosflow-ro secret 0 ${READER.password}
!
hostname leaf1`

/** Starts it. `login` is where the inventory has the password of the user that writes; the settings are those of the project. */
export async function credentialsBench(
  given: {
    readonly password?: string
    readonly settings?: string
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Promise<CredentialsBench> {
  const { fabric } = leaves(1)
  const config = fabric.devices[0]?.config.replace('hostname leaf1', USERS) ?? ''
  const devices = fabric.devices.map((device) => ({ ...device, config }))
  const credentials = { username: WRITER.username, password: WRITER.password }
  const bench = await openLab({
    world: 'sockets',
    switches: { fabric: { ...fabric, credentials, devices } },
    ...PROJECT_FILES,
  })
  const kept = join(bench.dir, 'rw.secret')
  writeFileSync(kept, `${WRITER.password}\n`, { mode: 0o600 })
  const [leaf] = bench.fabric.devices
  if (leaf === undefined) throw new RangeError('no switch')
  bench.write(
    'inventory.yaml',
    JSON.stringify({
      defaults: { protocol: 'http', credentials: 'operator', readCredentials: 'reader' },
      credentials: {
        operator: { username: WRITER.username, password: given.password ?? `\${file:${kept}}` },
        reader: { username: READER.username, password: `\${env:EOSFLOW_RO}` },
      },
      devices: { leaf1: { host: leaf.http.host, port: leaf.http.port, tags: { role: 'leaf' } } },
    }),
  )
  bench.write('eosflow.yaml', given.settings ?? 'version: 1\n')
  const asked: Asked[] = []
  const env = { EOSFLOW_RO: READER.password, ...given.env }
  const self: CredentialsBench = {
    ...bench,
    asked,
    before: () => undefined,
    kept,
    changePassword: (password) => void Object.assign(leaf.switch.options.credentials, { password }),
    eosflow: (...argv) =>
      typed(self.dir, argv, { env, seams: { ...noSeams, transport: (transport) => watched(transport, self) } }),
  }
  return self
}

function watched(transport: Transport, self: CredentialsBench): Transport {
  return {
    connect: async (target, credential, fence) => {
      const device = await transport.connect(target, credential, fence)
      return new Proxy(device, {
        get: (inner, verb: keyof Device) => {
          const member = inner[verb]
          if (typeof member !== 'function') return member
          if (verb === 'close') return () => inner.close()
          return async (...given: unknown[]) => {
            const asked = { user: credential.username, verb }
            ;(self.asked as Asked[]).push(asked)
            await self.before(asked)
            return (member as (...args: unknown[]) => Promise<unknown>).apply(inner, given)
          }
        },
      })
    },
  }
}
