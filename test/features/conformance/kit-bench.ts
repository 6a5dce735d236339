import type { Device } from '../../../src/eos/device/device.ts'
import { inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { oneSwitchFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import type { Fault } from '../../../src/eos/sim/fault/fault.ts'
import type { BehaviourSettings } from '../../../src/eos/sim/switch/behaviour.ts'
import type { Switch } from '../../../src/eos/sim/switch/switch.ts'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../src/eos/transport/eapi/exchange.ts'
import { sshTransport } from '../../../src/eos/transport/ssh/ssh-transport.ts'
import { KIT, type KitLogin, type Probe } from '../../../src/features/conformance/kit/contract/probe.ts'
import { type KitPorts, type KitRun, runKit } from '../../../src/features/conformance/kit/conversation.ts'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'
import type { RecordedLine } from '../../../src/features/conformance/kit/recording.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { TransportKind } from '../../../src/model/transport-kind.ts'
import { simulatedShell } from '../../eos/transport/ssh/scripted-shell.ts'
import { whileTimePasses } from '../../lab/lab.ts'

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

/** One way in which a switch is not what the simulator says of 4.32.2F, the probe that sees it, and the rows that it refutes there. */
export interface PlantedDeviation extends Deviation {
  readonly name: string
  readonly probe: string
  readonly refutes: readonly string[]
  /** The settings that are learned from it. */
  readonly learns?: Readonly<Record<string, unknown>>
}

const asks = (commands: readonly string[], pattern: RegExp) => commands.some((command) => pattern.test(command))

/** Replaces a text in the answers to requests with such a command. */
const says = (command: RegExp, from: string | RegExp, to: string) => (body: string, commands: readonly string[]) =>
  asks(commands, command) ? body.replace(from, to) : body

/** What prints configurations. */
const PRINTS = /^show (?:running-config|session-config named \S+)$/

/** The same in the first answer alone behind each timed commit. */
const rightBehindCommit = (command: RegExp, from: string, to: string): NonNullable<Deviation['wire']> => {
  let isBehind = false
  return (body, commands) => {
    if (asks(commands, / commit timer /)) isBehind = true
    if (!isBehind || !asks(commands, command)) return body
    isBehind = false
    return body.replace(from, to)
  }
}

/** Free room on flash that a first checkpoint takes for the rest of a run. */
const roomThatStays = (): NonNullable<Deviation['wire']> => {
  let isFilled = false
  return (body, commands) => {
    if (asks(commands, /^show running-config diffs$/)) isFilled = false
    if (asks(commands, /^configure checkpoint save /)) isFilled = true
    return body.replace(/\(\d+ bytes free\)/, isFilled ? '(1000 bytes free)' : '(9000 bytes free)')
  }
}

/** Fails each request with a word of its own behind so many. */
const tooManyAtOnce =
  (most: number): NonNullable<Deviation['before']> =>
  (_, commands) => {
    const number = Number(/^eosflowkit(\d\d)$/.exec(commands[1] ?? '')?.[1] ?? 0)
    if (number > most) throw new EosflowError('unreachable', 'the connection was refused')
  }

const planted = (
  probe: string,
  name: string,
  refutes: string,
  how: Omit<PlantedDeviation, 'name' | 'probe' | 'refutes'>,
) => ({
  ...how,
  name,
  probe,
  refutes: refutes.split(' '),
})

/** A setting of the simulator, which the probe learns. */
function setting(probe: string, name: string, refutes: string, behaviour: NonNullable<Deviation['behaviour']>) {
  const { says = {}, ...others } = behaviour
  const words = Object.entries(says).map(([key, word]) => [`says.${key}`, word])
  return planted(probe, name, refutes, { behaviour, learns: { ...others, ...Object.fromEntries(words) } })
}

/** Every planted deviation: settings and faults of the simulator, and answers that are changed on the way. */
export const DEVIATIONS: readonly PlantedDeviation[] = [
  setting('K1', 'the list of sessions is the wide table of older versions', 'detail-text', { detailText: 'table' }),
  setting('K1', 'tokens count from 0 for a first word, too', 'first-word-token', { firstWordToken: 0 }),
  setting('K1', 'the words of an unfinished command are the newer ones', 'incomplete-words', {
    incomplete: 'Incomplete command',
  }),
  planted('K1', 'the first revision of the list of sessions has another key', 'one-revision', {
    wire: (body, commands) =>
      commands.length === 2 && asks(commands, /^show configuration sessions detail$/)
        ? body.replace('"maxSavedSessions"', '"maxSaved"')
        : body,
  }),
  planted('K1', 'a comment in exec mode is complained of', 'comment-in-exec', {
    wire: says(/^!/, '{"output":""}]', '{"output":"> !eosflow-kit\\n"}]'),
  }),
  planted('K1', 'more than eight requests at one time are not answered', 'many-at-once', { before: tooManyAtOnce(8) }),
  planted('K1', 'two requests at one time are answered as each other', 'many-at-once', {
    wire: says(/^eosflowkit0[34]$/, /eosflowkit0([34])/g, 'eosflowkit07'),
  }),
  planted('K1', 'a wrong password is refused in other words', 'wrong-password', {
    denies: 'Bad username/password combination',
  }),
  setting('K2', 'diffs are unified', 'diff-dialect', { diffStyle: 'unified' }),
  setting('K2', 'an aborted session stays in the list', 'keeps-aborted', { keepsAborted: true }),
  setting('K2', 'a session that is not there has other words', 'not-found-words', {
    says: { notFound: 'No such session: %s' },
  }),
  setting('K2', 'one session too many has other words', 'too-many-words', {
    says: { tooManySessions: 'Maximum number of pending sessions has been reached.' },
  }),
  planted('K2', 'every line in a session is warned of', 'silent-lines', {
    faults: [{ kind: 'line-warning', message: '! this will be removed' }],
  }),
  planted('K2', 'a request goes on behind a session that is gone', 'owner-gone', {
    wire: (body, commands) =>
      asks(commands, /^show session-config named eosflow-kit-9 diffs$/)
        ? '{"jsonrpc":"2.0","id":"ID","result":[{},{"output":""},{"output":"Mon Jan  5 08:00:00 2026"}]}'.replace(
            'ID',
            /"id":"([^"]+)"/.exec(body)?.[1] ?? '',
          )
        : body,
  }),
  planted('K7', 'exec commands are refused in a session', 'exec-in-config', {
    wire: (body, commands) =>
      commands[2] === 'do show clock' ? body.replaceAll(/\{"output":"Mon[^"]*"\}/g, '{"output":""}') : body,
  }),
  planted('K7', 'show boot-config has other keys', 'boot-config-words', {
    wire: says(/^show boot-config$/, /Software image: /g, 'Boot image: '),
  }),
  planted('K7', 'there are commands of exec mode that the list lacks', 'exec-words', {
    wire: (body) => body.replace('"completions":{"abort":""', '"completions":{"abort":"","frobnicate":""'),
  }),
  setting('K3', 'a switch without a startup-config has other words', 'no-startup-words', {
    says: { noStartup: 'Startup-config is empty' },
  }),
  planted('K9', 'an empty block comes with a commit', 'candidate-runs', {
    faults: [{ kind: 'block-appears', block: 'interface Ethernet48/2', on: 'commit' }],
  }),
  planted('K9', 'a line of the candidate is printed otherwise when it runs', 'candidate-runs stored-as-typed', {
    wire: says(
      /^show running-config$/,
      'ip prefix-list eosflow-kit-a seq 10 permit',
      'ip prefix-list eosflow-kit-a permit',
    ),
  }),
  planted('K9', 'a mask stays a mask', 'stored-form', {
    wire: says(PRINTS, '203.0.113.254/32\\n', '203.0.113.254 255.255.255.255\\n'),
  }),
  planted('K9', 'ports that are not shut down say so', 'hidden-defaults', {
    wire: says(PRINTS, /(interface Port-Channel1985\\n {3}description eosflow-kit\\n)/g, '$1   no shutdown\\n'),
  }),
  planted('K9', 'another number of LSAs is added to OSPF', 'own-lines', {
    wire: says(PRINTS, 'max-lsa 12000', 'max-lsa 5000'),
  }),
  planted('K9', 'VLANs without lines have commands of their own', 'vlans-share', {
    wire: says(PRINTS, 'vlan 3991,3994-3996\\n', 'vlan 3991\\n!\\nvlan 3994\\n!\\nvlan 3995\\n!\\nvlan 3996\\n'),
  }),
  planted('K9', 'a password is kept as it was typed', 'secrets-kept', {
    wire: says(PRINTS, /username eosflow-kit-c secret sha512 [^\\]+/, 'username eosflow-kit-c secret 0 eosflow-kit-1'),
  }),
  planted('K9', 'a type 7 string is encrypted anew', 'secrets-kept', {
    wire: says(PRINTS, 'key 7 0822455D0A16', 'key 7 13061E010803'),
  }),
  planted('K9', 'running-config lacks a line right behind the commit', 'one-instant', {
    wire: rightBehindCommit(/^show running-config$/, 'alias eosflowkit show version\\n', ''),
  }),
  planted('K8', 'the switch refuses a line of its own', 'replays-own-text', {
    faults: [{ kind: 'replay-fails', command: '^name USERS$' }],
  }),
  planted('K8', 'the switch leaves out a line of its own in silence', 'replays-own-text', {
    faults: [{ kind: 'replay-fails', command: '^name USERS$', leavesOut: true }],
  }),
  planted('K8', 'a replace keeps a checkpoint whatever it is asked', 'replace-keeps-checkpoint', {
    before: (device, commands) => {
      if (asks(commands, /skip-checkpoint$/)) device.config.checkpoint(undefined, 'admin', device.now)
    },
  }),
  setting('K10', 'ten checkpoints are kept', 'checkpoint-limit', { maxCheckpoints: 10 }),
  planted('K10', 'a checkpoint that is not there is deleted without a word', 'delete-checkpoint', {
    wire: (body, commands) =>
      commands.length === 2 && asks(commands, /^delete checkpoint:eosflow-kit-a$/)
        ? '{"jsonrpc":"2.0","id":"ID","result":[{},{"output":""}]}'.replace(
            'ID',
            /"id":"([^"]+)"/.exec(body)?.[1] ?? '',
          )
        : body,
  }),
  planted('K10', 'checkpoints take no room', 'checkpoint-room', {
    wire: says(/^dir flash:$/, /\(\d+ bytes free\)/, '(1000000 bytes free)'),
  }),
  planted('K10', 'deleted checkpoints give no room back', 'checkpoint-room', { wire: roomThatStays() }),
  setting('K4', 'an armed session is told of in its state', 'timer-json completed-state', { timerJson: 'state' }),
  planted('K4', 'the time of a timer counts on the clock of the day', 'timer-json', {
    wire: (body) =>
      body.replace(
        /"commitTimerExpireTime":(\d+)/,
        (_, seconds) => `"commitTimerExpireTime":${1767500000 + Number(seconds)}`,
      ),
  }),
  planted('K4', 'the list of sessions lags three seconds behind', 'list-at-once', {
    faults: [{ kind: 'session-list-lag', seconds: 3 }],
    learns: { 'fault.session-list-lag': 3 },
  }),
  setting('K4', 'a completed session has other words', 'completed-words', {
    says: { completed: 'Session %s is already committed' },
  }),
  setting('K4', 'a commit takes 400 s for 1,000 lines', 'commit-time', { commitSeconds: 400 }),
  planted('K5', 'a timer that runs out reverts nothing', 'reverts-by-itself expired-session', {
    faults: [{ kind: 'timer-does-not-revert' }],
  }),
  setting('K6', 'a second timer is refused', 'rearm', { rearm: 'refuse' }),
  setting('K6', 'a commit beside a timer has other words', 'foreign-commit', {
    says: { timerOfOther: 'another session (%s) is pending commit timer' },
  }),
  planted('K12', 'a user without privileges reads running-config', 'without-enable', {
    wire: (body, commands) =>
      commands.length === 3 && commands[2] === 'configure'
        ? `{"jsonrpc":"2.0","id":${/"id":("[^"]+")/.exec(body)?.[1]},"result":[{"output":"Mon"},{"output":"!"},{}]}`
        : body,
  }),
  planted('K12', 'eAPI goes on without its block', 'eapi-block', { management: 'outside' }),
  setting('K11', 'an unlock without a lock has other words', 'lock-words', {
    says: { notLocked: 'You do not hold the lock' },
  }),
]
