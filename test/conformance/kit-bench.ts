import type { KitPorts } from '../../src/conformance/conversation.ts'
import { KIT, type KitLogin, type Probe } from '../../src/conformance/probe.ts'
import { PROBES } from '../../src/conformance/probes/index.ts'
import type { RecordedLine } from '../../src/conformance/recording.ts'
import { type KitRun, runKit } from '../../src/conformance/run-kit.ts'
import type { Device } from '../../src/device/device.ts'
import { noFence } from '../../src/model/fence.ts'
import { Secret } from '../../src/model/secret.ts'
import type { TransportKind } from '../../src/model/transport-kind.ts'
import { inMemoryEapi } from '../../src/sim/eapi/in-memory.ts'
import { oneSwitchFabric } from '../../src/sim/fabric/one-switch.ts'
import { SimulatedFabric } from '../../src/sim/fabric/simulated-fabric.ts'
import type { Fault } from '../../src/sim/fault/fault.ts'
import type { BehaviourSettings } from '../../src/sim/switch/behaviour.ts'
import type { Switch } from '../../src/sim/switch/switch.ts'
import { eapiTransport } from '../../src/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../src/transport/eapi/exchange.ts'
import { sshTransport } from '../../src/transport/ssh/ssh-transport.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { whileTimePasses } from '../lab/lab.ts'
import { simulatedShell } from '../transport/ssh/simulated-shell.ts'

/** A lab switch of our own, with what a switch may have that the kit must not touch. */
const CONFIG = `! Command: show running-config
! device: lab1 (vEOS-lab, EOS-4.31.4M)
!
! boot system flash:/vEOS-lab.swi
!
management api http-commands
   no shutdown
!
hostname lab1
!
spanning-tree mode mstp
!
username operator privilege 15 role network-admin secret sha512 $6$ab$invented
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
   ip address 192.0.2.5/24
!
ip route 0.0.0.0/0 192.0.2.1
!
end
`

const PASSWORD = 'Kit-invented-1'
const AT = { name: 'lab1', host: '127.0.0.1', port: 1 } as const

/** How one switch differs from what the simulator says of its version. */
export interface Deviation {
  readonly behaviour?: BehaviourSettings
  readonly faults?: readonly Fault[]
  /** Further lines of its configuration. */
  readonly has?: string
  /** How it is reached; over eAPI without it. */
  readonly over?: TransportKind
  /** Changes the body of an answer; the commands are those of its request. */
  readonly wire?: (body: string, commands: readonly string[]) => string
  /** The words with which a login is refused. */
  readonly denies?: string
  /** Whether no line can cut management off. */
  readonly management?: 'outside'
  /** Called before each request is carried out, and may throw in its place. */
  readonly before?: (device: Switch, commands: readonly string[]) => void
}

/** What a run of the kit left behind in a test. */
export interface KitTrial {
  readonly run: KitRun
  readonly lines: readonly RecordedLine[]
  readonly device: Switch
  readonly sent: readonly (readonly string[])[]
}

/** A simulated switch of an EOS version, and the ports by which the kit reaches it. */
export function kitBench(
  eos: string,
  { behaviour, faults = [], has = '', denies, management, wire, before, over = 'eapi' }: Deviation = {},
) {
  const clock = new VirtualClock()
  const one = oneSwitchFabric(CONFIG.replace('vlan 10\n', `${has}vlan 10\n`), { eos, name: 'lab1' })
  // It is managed over its own interface, so that a line can cut it off.
  const inside = one.devices.map(({ managementOutside: _, ...device }) => device)
  const made = { ...one, devices: management === 'outside' ? one.devices : inside }
  const devices = made.devices.map((device) => (behaviour === undefined ? device : { ...device, behaviour }))
  const fabric = new SimulatedFabric({ ...made, devices }, { clock, random: new SeededRandom() })
  const { device, eapi, terminals } = fabric.get('lab1')
  for (const fault of faults) fabric.fault({ ...fault, device: 'lab1' })
  const sent: (readonly string[])[] = []
  const { username, password } = made.credentials
  const transport = eapiTransport({
    openChannel: (_, who) => {
      const send = inMemoryEapi(eapi, { username: who.username, password: who.password?.reveal() ?? '' })
      return channelOver(async (body) => {
        const { params } = JSON.parse(body) as { params: { cmds?: readonly (string | { cmd: string })[] } }
        const commands = (params.cmds ?? []).map((one) => (typeof one === 'string' ? one : one.cmd))
        sent.push(commands)
        before?.(device, commands)
        const answer = await send(body)
        if (answer.status === 401) return { ...answer, body: denies ?? answer.body }
        return { ...answer, body: wire?.(answer.body, commands) ?? answer.body }
      }, who.username)
    },
  })
  const shell = sshTransport({
    clock,
    openShell: async (_, who) => simulatedShell(terminals, { username, password: who.password?.reveal() ?? '' }),
  })
  const credential = { username, password: new Secret(password) }
  const overEapi = { ...AT, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } } as const
  const renew = (): Promise<Device> =>
    over === 'ssh'
      ? shell.connect({ ...AT, transport: 'ssh', hostKey: { mode: 'pin', fingerprint: '' } }, credential, noFence)
      : transport.connect(overEapi, credential, noFence)
  const login = (who: KitLogin): Promise<Device> =>
    who === 'wrong-password'
      ? transport.connect(overEapi, { username, password: new Secret('wrong') }, noFence)
      : transport.connect(
          { ...overEapi, sendEnable: false },
          { username: KIT, password: new Secret(PASSWORD) },
          noFence,
        )
  let open: Promise<Device> | undefined
  const lines: RecordedLine[] = []
  const ports: KitPorts = {
    name: 'lab1',
    over,
    device: () => {
      open ??= renew()
      return open
    },
    renew: () => {
      open = renew()
      return open
    },
    beside: renew,
    ...(over === 'eapi' ? { login } : {}),
    password: PASSWORD,
    clock,
    record: (line) => lines.push(line),
    scrub: (text) => text,
    begins: async () => undefined,
    ended: async () => undefined,
    stops: () => false,
  }
  return { clock, device, fabric, ports, lines, sent }
}

/** Runs the probes, all but the disruptive one if no others are given, on a simulated switch under a virtual clock. */
export async function tried(
  eos: string,
  deviation: Deviation = {},
  probes: readonly Probe[] = PROBES.filter(({ disruptive }) => disruptive !== true),
): Promise<KitTrial> {
  const { clock, device, ports, lines, sent } = kitBench(eos, deviation)
  const run = await whileTimePasses(clock, runKit(ports, probes))
  return { run, lines, device, sent }
}
