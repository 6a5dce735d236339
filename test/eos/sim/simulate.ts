import { type InMemoryEapi, inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { type Fabric, oneSwitchFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import type { Fault } from '../../../src/eos/sim/fault/fault.ts'
import type { Switch } from '../../../src/eos/sim/switch/switch.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { Command } from '../../../src/model/command.ts'

/** An eAPI answer, as tests look at it. */
export interface RpcAnswer {
  readonly jsonrpc: string
  readonly id: unknown
  readonly result?: readonly Record<string, unknown>[]
  readonly error?: {
    readonly code: number
    readonly message: string
    readonly data?: readonly Record<string, unknown>[]
  }
}

/** One simulated switch under a virtual clock, with its eAPI. */
export interface Simulated {
  readonly clock: VirtualClock
  readonly device: Switch
  readonly fabric: SimulatedFabric
  readonly eapi: InMemoryEapi
  fault(fault: Fault): void
  /** Runs commands in JSON, `enable` put first. */
  json(...commands: readonly (string | Command)[]): Promise<RpcAnswer>
  /** Runs commands in text, `enable` put first; gives what the last one printed. */
  text(...commands: readonly (string | Command)[]): Promise<string>
  /** Sends the params of a `runCmds` as they are. */
  call(params: Record<string, unknown>): Promise<RpcAnswer>
}

/** A small access switch of the project's own. */
export const CONFIG = `! Command: show running-config
! device: sw1 (DCS-7050SX3-48YC8, EOS-4.31.4M)
!
! boot system flash:/EOS.swi
!
management api http-commands
   no shutdown
!
hostname sw1
!
spanning-tree mode mstp
!
vlan 10
   name USERS
!
interface Ethernet1
   description to-core
!
interface Ethernet2
!
interface Management1
   ip address 10.0.0.5/24
!
ip access-list MGMT
   10 permit ip 10.0.0.0/24 any
!
no ip routing
!
end
`

/** Starts one switch from a running-config, managed inside of its configuration unless told otherwise. */
export function simulate(config = CONFIG, entry: Partial<Fabric['devices'][number]> = {}): Simulated {
  const fabric = oneSwitchFabric(config)
  const devices = fabric.devices.map((device) => ({ ...device, managementOutside: false, ...entry }))
  return simulated({ ...fabric, devices })
}

/** The first switch of a fabric, under a virtual clock. */
export function simulated(data: Fabric): Simulated {
  const clock = new VirtualClock()
  const fabric = new SimulatedFabric(data, { clock, random: new SeededRandom(7) })
  const [first] = fabric.switches
  if (first === undefined) throw new RangeError('a fabric without a switch')
  const eapi = inMemoryEapi(first.eapi)
  const call = async (params: Record<string, unknown>) => {
    const { body } = await eapi(
      JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 't', params: { version: 1, ...params } }),
    )
    return JSON.parse(body)
  }
  return {
    clock,
    device: first.device,
    fabric,
    eapi,
    call,
    fault: (fault) => fabric.fault({ ...fault, device: first.device.name }),
    json: (...commands) => call({ cmds: ['enable', ...commands], format: 'json' }),
    text: async (...commands) => {
      const answer = await call({ cmds: ['enable', ...commands], format: 'text' })
      if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error))
      return String(answer.result?.at(-1)?.output)
    },
  }
}
