import { heredocBodies, isTerminator } from '../../eos/config/text/tree.ts'
import {
  type Credential,
  type Device,
  type DeviceTarget,
  type EapiTarget,
  type RawOutcome,
  rawText,
  type SshTarget,
} from '../../eos/device/device.ts'
import { type Credentials, passwordUser } from '../../eos/sim/auth/local-users.ts'
import { inMemoryEapi } from '../../eos/sim/eapi/in-memory.ts'
import { oneSwitchFabric } from '../../eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'
import type { Fault } from '../../eos/sim/fault/fault.ts'
import { CliShell } from '../../eos/sim/ssh/cli-shell.ts'
import type { TerminalService } from '../../eos/sim/ssh/service.ts'
import type { BehaviourSettings } from '../../eos/sim/switch/behaviour.ts'
import { anyTransport } from '../../eos/transport/any-transport.ts'
import { eapiTransport } from '../../eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../eos/transport/eapi/exchange.ts'
import { sshTransport } from '../../eos/transport/ssh/ssh-transport.ts'
import type { ShellChannel, ShellListener } from '../../eos/transport/ssh/terminal.ts'
import {
  KIT,
  type KitFact,
  type KitLogin,
  type KitStart,
  type Probe,
  ProbeAnswers,
  type ProbeResult,
} from '../../features/conformance/kit/contract/probe.ts'
import {
  deviatingFacts,
  END_SESSIONS,
  type KitPorts,
  type RowVerdict,
  rowVerdicts,
  runKit,
} from '../../features/conformance/kit/conversation.ts'
import { PROBES } from '../../features/conformance/kit/probes/index.ts'
import type { KitRecording, RecordedStep } from '../../features/conformance/kit/recording.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { noFence } from '../../model/fence.ts'
import { definedMembers, isJsonObject, type Json, readableJson } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { count, visibleLine } from '../../report/text/text.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { shellNamed, targetNamed } from '../trial/simulated-target.ts'
import { VirtualClock } from '../trial/timeline.ts'

// One answer that the simulator gives otherwise than the switch.
interface Correction {
  readonly probe: string
  readonly step: string
  readonly command: string
  readonly simulator: string
  readonly switch: string
}

const OF_THE_MOMENT = /^(?:do )?(?:show (?:clock|logging|version|users)|ping |dir )/

/** The answers of a switch that the simulator gives otherwise, each step by its last answer and each difference once, in the order of the recording. */
export function corrections(
  recorded: readonly RecordedStep[],
  simulated: readonly RecordedStep[],
): readonly Correction[] {
  const ours = lastOf(simulated)
  const all = [...lastOf(recorded)].flatMap(([key, step]) => {
    const other = ours.get(key)
    return other === undefined ? [] : compared(step, other)
  })
  const told = ({ command, simulator, switch: said }: Correction) => JSON.stringify([command, simulator, said])
  return all.filter((one, at) => all.findIndex((other) => told(other) === told(one)) === at)
}

function lastOf(steps: readonly RecordedStep[]): ReadonlyMap<string, RecordedStep> {
  // What ends sessions that may be gone says nothing new.
  const answered = steps.filter(({ outcomes, step }) => outcomes !== undefined && step !== END_SESSIONS)
  return new Map(answered.map((step) => [`${step.probe} ${step.step}`, step]))
}

function compared(said: RecordedStep, simulated: RecordedStep): readonly Correction[] {
  return commandsIn(said).flatMap((command, at) => {
    const pair = differing(command, simulated.outcomes?.[at], said.outcomes?.[at])
    if (pair === undefined) return []
    return [{ probe: said.probe, step: said.step, command, simulator: pair[0], switch: pair[1] }]
  })
}

function commandsIn({ request = '', outcomes = [], prompts }: RecordedStep) {
  if (prompts !== undefined) return typedIn(request)
  const body = readableJson(request)
  const params = isJsonObject(body) && isJsonObject(body.params) ? body.params : {}
  const cmds = Array.isArray(params.cmds) ? params.cmds : []
  const all = cmds.map((one) => (isJsonObject(one) ? String(one.cmd) : String(one)))
  const entered = all[0] === 'enable' ? 1 : 0
  return all.slice(entered, Math.max(outcomes.length, 1) + entered)
}

function typedIn(request: string) {
  const commands: string[] = []
  let texts = 0
  for (const line of request.split('\n').slice(0, -1)) {
    if (texts === 0) {
      commands.push(line.replace(/ \| json(?: version 1)?$/, ''))
      texts = heredocBodies(line, undefined)
    } else if (isTerminator(line)) texts -= 1
  }
  return commands
}

function differing(
  command: string,
  simulator: RawOutcome | undefined,
  said: RawOutcome | undefined,
): readonly [string, string] | undefined {
  if (said === undefined && simulator === undefined) return undefined
  if (said?.ok === true && simulator?.ok === true) return differingResults(command, simulator.result, said.result)
  const [ours, theirs] = [wordsOf(simulator), wordsOf(said)]
  return ours === theirs ? undefined : [ours, theirs]
}

function wordsOf(outcome: RawOutcome | undefined) {
  if (outcome === undefined) return 'the request stops before it'
  return outcome.ok
    ? 'it is carried out'
    : `${outcome.code === undefined ? '' : `${outcome.code} `}${outcome.errors.join('; ')}`
}

function differingResults(command: string, simulator: Json, said: Json): readonly [string, string] | undefined {
  const isText = [simulator, said].every((result) => isJsonObject(result) && 'output' in result)
  if (OF_THE_MOMENT.test(command)) return undefined
  if (!isText) return firstPair(keysOf(simulator), keysOf(said))
  const [ours, theirs] = [simulator, said].map((result) => linesOf(rawText({ ok: true, result }) ?? ''))
  return firstPair(ours ?? [], theirs ?? [])
}

function linesOf(text: string) {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
      .replace(/\b\d{1,2}:\d\d:\d\d\b/g, '<time>')
      .replace(/^(! Startup-config last modified at ).*$/, '$1<time>')
      .replace(/ckp-\d{8}-\d+/g, '<checkpoint>')
      .replace(/-{2,}/g, '--')
      .replace(/(\S) {2,}/g, '$1 ')
      .trimEnd(),
  )
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
}

function keysOf(value: Json, path = ''): readonly string[] {
  if (!isJsonObject(value)) return path.endsWith('.state') || typeof value === 'boolean' ? [`${path}: ${value}`] : []
  return Object.keys(value)
    .sort()
    .flatMap((key) => [
      `${path}.${key}`.slice(path === '' ? 1 : 0),
      ...keysOf(value[key] ?? null, path === '' ? key : `${path}.${key}`),
    ])
}

function firstPair(ours: readonly string[], theirs: readonly string[]): readonly [string, string] | undefined {
  if (ours.length === theirs.length && ours.every((line, at) => line === theirs[at])) return undefined
  const at = ours.findIndex((line, index) => line !== theirs[index])
  const from = at < 0 ? ours.length : at
  return [ours[from] ?? 'nothing more', theirs[from] ?? 'nothing more']
}

interface FabricSettings {
  readonly behaviour: BehaviourSettings
  readonly faults: readonly { readonly kind: string; readonly seconds: Json }[]
}

export function settingsOf(facts: readonly KitFact[]): FabricSettings {
  const behaviour: Record<string, Json> = {}
  const says: Record<string, Json> = {}
  const faults: { kind: string; seconds: Json }[] = []
  for (const { key, value } of facts) {
    const [first = '', second] = key.split('.')
    if (first === 'fault' && second !== undefined) faults.push({ kind: second, seconds: value })
    else if (first === 'says' && second !== undefined) says[second] = value
    else behaviour[first] = value
  }
  const words = Object.keys(says).length === 0 ? {} : { says }
  return { behaviour: { ...behaviour, ...words } as BehaviourSettings, faults }
}

// Throws `unauthenticated` for a user that it does not know.
function memoryShell(terminals: TerminalService, login: Credentials): ShellChannel {
  const { device } = terminals
  if (!device.sshReachable) throw new EosflowError('unreachable', 'the connection was refused', { retryable: true })
  const user = passwordUser(device, login, 'ssh (memory)')
  if (user === undefined) throw new EosflowError('unauthenticated', `the switch refused the user ${login.username}`)
  let listener: ShellListener | undefined
  const shell = new CliShell(
    terminals,
    { user, address: 'memory', size: { width: 511, length: 24 } },
    {
      write: (text) => listener?.heard(Buffer.from(text)),
      close: () => listener?.closed('the switch logged us out'),
    },
  )
  return {
    write: (text) => queueMicrotask(() => shell.receive(Buffer.from(text))),
    listen: (given) => {
      listener = given
      shell.start()
    },
    close: () => shell.close(),
  }
}

const QUIET_TURNS = 10

// A clock for whoever waits for the bytes of a shell in memory: silence comes soon, and takes no time.
function quietClock({ now, monotonic }: Clock): Clock {
  return {
    now,
    monotonic,
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        let left = QUIET_TURNS
        const turn = () => {
          left -= 1
          if (signal?.aborted === true) reject(signal.reason)
          else if (left === 0) resolve()
          else setImmediate(turn)
        }
        setImmediate(turn)
      }),
  }
}

interface LearnedSwitch {
  readonly device: string
  readonly eos: string
  readonly model: string
  readonly rows: readonly RowVerdict[]
  readonly facts: readonly KitFact[]
  // The answers that the simulator gives otherwise; `isSet`: not with the settings.
  readonly corrections: readonly (Correction & { readonly isSet: boolean })[]
}

/**
 * Learns from a recording: judges its answers as the run did, and sends the same requests to a simulated switch of the version with the recorded
 * configuration, once as it is and once with the settings that were found.
 */
export async function learn(recording: KitRecording): Promise<LearnedSwitch> {
  const { head, steps } = recording
  const probes = PROBES.filter(({ id }) => steps.some(({ probe }) => probe === id))
  const results = probes.map((probe) => judged(probe, recording))
  const facts = deviatingFacts(results)
  const { device, eos, model } = head
  const known = { device, eos, model, rows: rowVerdicts(PROBES, results), facts }
  const plain = corrections(steps, await simulated(recording, probes, settingsOf([])))
  const left = corrections(steps, await simulated(recording, probes, settingsOf(facts)))
  const isLeft = new Set(left.map(keyOf))
  return { ...known, corrections: plain.map((one) => ({ ...one, isSet: !isLeft.has(keyOf(one)) })) }
}

const keyOf = ({ probe, step, command }: Correction) => `${probe} ${step} ${command}`

function judged(probe: Probe, { head, steps }: KitRecording): ProbeResult {
  const start: KitStart = {
    eos: head.eos,
    isTyped: head.isTyped,
    checkpoints: head.checkpoints,
    ...definedMembers({ image: head.image }),
  }
  const seen = new ProbeAnswers(start)
  const own = steps.filter(({ probe: id }) => id === probe.id)
  for (const { step, at, milliseconds, outcomes, prompts, failure } of own) {
    if (failure !== undefined) seen.failed(step, failure)
    if (outcomes === undefined) continue
    seen.add(step, { at, milliseconds, outcomes, ...definedMembers({ prompts }) })
  }
  const settling = new Map(probe.steps(start).map(({ name, settles }) => [name, settles]))
  const skipped = own.flatMap(({ step, skipped: why }) => {
    const settles = settling.get(step)
    return why === undefined ? [] : [{ step, why, ...definedMembers({ settles }) }]
  })
  const failure = own.find((step) => step.failure !== undefined)?.failure?.message
  return { probe: probe.id, findings: probe.judge(seen), skipped, ...definedMembers({ failure }) }
}

async function simulated(
  { head, steps }: KitRecording,
  probes: readonly Probe[],
  { behaviour, faults }: FabricSettings,
): Promise<readonly RecordedStep[]> {
  const clock = new VirtualClock(head.at)
  const username = userIn(steps) ?? 'admin'
  const made = oneSwitchFabric(configIn(steps), { eos: head.eos, name: head.device, username })
  const devices = made.devices.map((device) => ({ ...device, behaviour }))
  const fabric = new SimulatedFabric({ ...made, devices }, { clock, random: new SeededRandom() })
  for (const fault of faults) fabric.fault({ ...(fault as Fault), device: head.device })
  const { eapi, terminals } = fabric.get(head.device)
  // One conversation alone: whoever waits lets time pass.
  const waiting: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (milliseconds) => clock.advance(milliseconds),
  }
  const channel = (_: EapiTarget, { username: name, password }: Credential) =>
    channelOver(inMemoryEapi(eapi, { username: name, password: password?.reveal() ?? '' }), name)
  const shell = async (_: SshTarget, { username: name, password }: Credential): Promise<ShellChannel> =>
    memoryShell(terminals, { username: name, password: password?.reveal() ?? '' })
  const transport = anyTransport({
    eapi: eapiTransport({ openChannel: channel }),
    ssh: sshTransport({ clock: quietClock(waiting), openShell: shell }),
  })
  const target = head.isTyped ? shellNamed(head.device) : targetNamed(head.device)
  const connectAs = (name: string, password: string, as: DeviceTarget = target) =>
    transport.connect(as, { username: name, password: new Secret(password) }, noFence)
  const connect = () => connectAs(username, made.credentials.password)
  let open: Promise<Device> | undefined
  const heard: RecordedStep[] = []
  const ports: KitPorts = {
    name: head.device,
    over: head.over,
    device: () => {
      open ??= connect()
      return open
    },
    renew: async () => {
      await (await open)?.close()
      open = connect()
      return open
    },
    beside: connect,
    ...(head.isTyped
      ? {}
      : {
          login: (who: KitLogin) =>
            who === 'wrong-password'
              ? connectAs(username, `not ${made.credentials.password}`)
              : connectAs(KIT, PASSWORD, { ...target, sendEnable: false }),
        }),
    password: PASSWORD,
    clock: waiting,
    record: (line) => {
      if (line.kind === 'step') heard.push(line)
    },
    scrub: (text) => text,
    begins: async () => undefined,
    ended: async () => undefined,
    stops: () => false,
  }
  try {
    await runKit(ports, probes)
  } catch (thrown) {
    if (!(thrown instanceof EosflowError) || thrown.kind === 'bug') throw thrown
  }
  return heard
}

const PASSWORD = 'Kit-in-memory-1'

function configIn(steps: readonly RecordedStep[]) {
  const first = steps.find(({ probe, step }) => probe === 'start' && step === 'texts')
  return rawText(first?.outcomes?.[0]) ?? ''
}

function userIn(steps: readonly RecordedStep[]) {
  const users = steps.flatMap(({ outcomes = [] }) =>
    outcomes.flatMap((outcome) =>
      outcome.ok ? [/"commitUser":"([^"]+)"/.exec(JSON.stringify(outcome.result))?.[1]] : [],
    ),
  )
  return users.find((user) => user !== undefined)
}

/** What was learned, for a person: settings for a fabric as YAML, the rows that are refuted, and each answer that the simulator gives otherwise. */
export function learnedText(learned: LearnedSwitch): string {
  const { device, eos, model, rows, facts, corrections } = learned
  const refuted = rows.filter(({ verdict }) => verdict === 'refuted')
  return [
    visibleLine(
      `${device}, ${model}, EOS ${eos}: ${count(refuted.length, 'refuted row')}, ${count(facts.length, 'setting')}, ${count(corrections.length, 'correction')}`,
    ),
    ...refuted.map(({ row, says }) => visibleLine(`✖ ${row}: ${says}`)),
    ...settingLines(learned),
    ...corrections.flatMap((one) => [
      '',
      visibleLine(`${one.probe} ${one.step}, \`${one.command}\`${one.isSet ? ' (the settings cover it)' : ''}`),
      visibleLine(`  simulator says: ${one.simulator}`),
      visibleLine(`  switch said:    ${one.switch}`),
    ]),
  ].join('\n')
}

function settingLines({ device, facts }: LearnedSwitch) {
  if (facts.length === 0) return []
  const { behaviour, faults } = settingsOf(facts)
  return [
    '',
    'For the switch in fabric.yaml:',
    ...(Object.keys(behaviour).length === 0 ? [] : [`behaviour: ${JSON.stringify(behaviour)}`]),
    ...(faults.length === 0 ? [] : [`faults: ${JSON.stringify(faults.map((fault) => ({ device, ...fault })))}`]),
  ].map(visibleLine)
}
