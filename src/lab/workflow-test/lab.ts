import { deviceEnds } from '../../change/engine/outcome.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import { OWN_SESSIONS } from '../../change/task/act/act.ts'
import { comparableText } from '../../eos/config/vlan-sets.ts'
import { isOpen, type Reply, type Transport } from '../../eos/device/device.ts'
import { printed } from '../../eos/sim/cli/exec/show-config.ts'
import { inMemoryEapi } from '../../eos/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'
import type { DeviceFault } from '../../eos/sim/fault/fault.ts'
import type { Switch } from '../../eos/sim/switch/switch.ts'
import { eapiTransport } from '../../eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../eos/transport/eapi/exchange.ts'
import type { DeviceEnd } from '../../model/act.ts'
import type { Clock } from '../../model/clock.ts'
import type { Command } from '../../model/command.ts'
import { EosflowError, type Verdict } from '../../model/error.ts'
import { readsOnly } from '../../model/fence.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../model/http-port.ts'
import { definedMembers } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { FAILED_ANSWERS } from '../../project/system/feature/feature.ts'
import { type Disruption, disruptionOf, type NetworkStanding, networkOf } from '../../report/phrases/disruption.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { targetNamed } from '../trial/simulated-target.ts'
import { VirtualClock } from '../trial/timeline.ts'
import { ROLLBACK } from './naming-problems.ts'
import type { ENDINGS, LEFTOVERS, ServiceAnswer, Services, TestCase } from './schema.ts'

interface MockedServices {
  readonly http: HttpPort
  readonly calls: readonly string[]
}

function mockedServices(services: Services, clock: Clock): MockedServices {
  const calls: string[] = []
  const used = new Map<ServiceAnswer, number>()
  const answerTo = (request: HttpRequest) => {
    const { origin, pathname, search } = new URL(request.url)
    const asked = `${request.method} ${pathname}${search}`
    const answer = services[origin]?.find(
      (one) => isMeant(one.to, asked) && (one.times === undefined || (used.get(one) ?? 0) < one.times),
    )
    if (answer === undefined) throw notMocked(request, origin, asked)
    used.set(answer, (used.get(answer) ?? 0) + 1)
    return answer
  }
  return {
    calls,
    http: {
      scrub: (text) => text,
      send: async (request, signal) => {
        const answer = answerTo(request)
        calls.push(`${request.method} ${request.url}`)
        return answered(request, answer, signal, clock)
      },
    },
  }
}

function isMeant(to: string | undefined, asked: string) {
  if (to === undefined) return true
  const pattern = to.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${pattern}$`, 'su').test(asked)
}

async function answered(
  { name, milliseconds }: HttpRequest,
  { after = 0, fails, status, headers, body }: ServiceAnswer,
  signal: AbortSignal,
  clock: Clock,
): Promise<HttpAnswer> {
  const waited = Math.min(after * 1000, milliseconds)
  if (waited > 0) await clock.sleep(waited, signal)
  if (fails !== undefined) throw new EosflowError(fails, `${name}: ${FAILED_ANSWERS[fails]}`)
  if (after * 1000 > milliseconds)
    throw new EosflowError('lost-answer', `${name}: no answer within ${milliseconds / 1000} s`)
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain' : 'application/json'
  const given = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value] as const)
  return {
    status,
    headers: { ...(body === undefined ? {} : { 'content-type': type }), ...Object.fromEntries(given) },
    body: new TextEncoder().encode(body === undefined ? '' : isText ? body : JSON.stringify(body)),
  }
}

function notMocked({ name }: HttpRequest, origin: string, asked: string) {
  const message = `${name}: the test has no answer of ${origin} to ${asked}`
  return new EosflowError('guard', message, {
    hint: `Add one under services: ${origin}: of the case; a test asks no real service.`,
    fault: { name: 'States.Permissions', cause: message },
  })
}

export interface Lab {
  readonly clock: VirtualClock
  readonly fabric: SimulatedFabric
  readonly transport: Transport
  readonly services: MockedServices
  readonly stop: AbortSignal
  /** When a fault of the case was set, milliseconds since the epoch; undefined where its state never began. */
  setAt(fault: DeviceFault): number | undefined
  begin(moment: string): void
  saw(events: readonly JournalEvent[]): void
  whileTimePasses<T>(work: Promise<T>): Promise<T>
  ask(device: string, commands: readonly Command[]): Promise<readonly Reply[]>
}

/** `wall` tells when nothing moves any more. */
export function startLab({ fabric: source, faults, services, trials, interrupt }: TestCase, wall: Clock): Lab {
  const clock = new VirtualClock()
  const fabric = new SimulatedFabric(source, { clock, random: new SeededRandom() })
  const stopping = new AbortController()
  const begun = new Set<string>()
  const setAt = new Map<DeviceFault, number>()
  const transport = inMemory(fabric)
  const begin = (state: string | undefined) => {
    if (state !== undefined && begun.has(state)) return
    if (state !== undefined) begun.add(state)
    for (const { when, fault } of faults) {
      if (when !== state) continue
      fabric.fault(fault)
      setAt.set(fault, clock.now())
    }
    if (state !== undefined && state === interrupt) stopping.abort()
  }
  begin(undefined)
  const mocked = mockedServices(services, clock)
  const moment = { clock, hasBegun: (state: string) => begun.has(state) }
  return {
    clock,
    fabric,
    transport,
    services: {
      ...mocked,
      http: trials.reduce((others, { key, ...said }) => key.answering(said, moment, others), mocked.http),
    },
    stop: stopping.signal,
    setAt: (fault) => setAt.get(fault),
    begin,
    saw: (events) => {
      for (const event of events.flatMap(transitionsOf)) {
        if (event.type === 'StateEntered') begin(event.state)
        if (event.type === 'CompensationStarted') begin(ROLLBACK)
      }
    },
    whileTimePasses: (work) => whileTimePasses(clock, wall, work),
    ask: async (device, commands) => {
      const { username, password } = source.credentials
      const credential = { username, password: new Secret(password) }
      const connected = await transport.connect(targetNamed(device), credential, readsOnly)
      return (await whileTimePasses(clock, wall, connected.look(commands))).replies
    },
  }
}

function inMemory(fabric: SimulatedFabric): Transport {
  const eapi = eapiTransport({
    openChannel: ({ name }, { username }) => channelOver(inMemoryEapi(switchNamed(fabric, name).eapi), username),
  })
  return { connect: async ({ name }, credential, fence) => eapi.connect(targetNamed(name), credential, fence) }
}

function switchNamed({ fabric, switches }: SimulatedFabric, name: string) {
  const found = switches.find(({ device }) => device.name === name)
  if (found !== undefined) return found
  throw new EosflowError('unreachable', `the fabric ${fabric.name} has no switch ${name}`, {
    device: name,
    hint: 'Add it to fabric.yaml, or narrow the case with `target`.',
  })
}

// Longer than any execution takes, in virtual milliseconds: a month.
const LONGEST = 30 * 86_400_000
// Longer than anything takes that is not waiting for time, in milliseconds of the clock on the wall.
const STILL = 30_000

// Throws `bug` when work never ends.
async function whileTimePasses<T>(clock: VirtualClock, wall: Clock, work: Promise<T>) {
  let over = false
  const done = work.finally(() => {
    over = true
  })
  done.catch(() => undefined)
  let moved = wall.monotonic()
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.monotonic() > LONGEST) throw new EosflowError('bug', 'the execution had not ended after a month')
    if (clock.sleeping > 0) moved = wall.monotonic()
    if (!over && clock.sleeping > 0) await clock.next()
    else if (wall.monotonic() - moved > STILL) throw new EosflowError('bug', 'the execution waits for nothing')
  }
  return done
}

export interface CaseExecution {
  readonly state?: ExecutionState
  readonly events: readonly JournalEvent[]
  readonly plan?: Plan
  readonly exit: number
  /** What a person reads of the failure; empty when there is none. */
  readonly error: string
  /** What has become of the checks after the confirm; absent where nobody has asked. */
  readonly after?: AfterEvidence
}

export interface AfterEvidence {
  readonly state: string
  readonly words: string
  readonly notices: readonly string[]
}

export interface SwitchEvidence {
  readonly before: string
  readonly after: string
  readonly requests: number
  readonly leftovers: readonly (typeof LEFTOVERS)[number][]
  /** The exec commands that were typed in a config mode: each acted at once. */
  readonly execInConfig: readonly string[]
}

export interface CaseEvidence {
  readonly outcome: (typeof ENDINGS)[number] | 'planned'
  readonly exit: number
  readonly error: string
  readonly plan?: Plan
  readonly ends: Readonly<Record<string, DeviceEnd>>
  readonly networks: Readonly<Record<string, NetworkStanding>>
  readonly disruption?: Disruption | undefined
  readonly states: readonly string[]
  readonly calls: readonly string[]
  readonly verdicts: Readonly<Record<string, Readonly<Record<string, Verdict>>>>
  readonly switches: Readonly<Record<string, SwitchEvidence>>
  readonly after?: AfterEvidence
}

interface SwitchBefore {
  readonly running: string
  readonly saved: boolean
}

/** Looks at every switch of a lab before anything is done to it. */
export function lookBefore({ fabric }: Lab): ReadonlyMap<string, SwitchBefore> {
  return new Map(fabric.switches.map(({ device }) => [device.name, { running: running(device), saved: saved(device) }]))
}

export function evidenceOf(lab: Lab, before: ReadonlyMap<string, SwitchBefore>, executed: CaseExecution): CaseEvidence {
  const { state, events, plan, exit, error, after } = executed
  return {
    outcome: state === undefined ? 'not-started' : (state.outcome ?? 'waiting'),
    exit,
    error,
    ...definedMembers({ plan, after }),
    ends: state === undefined ? {} : deviceEnds(state),
    networks: state === undefined ? {} : networksIn(state),
    disruption: state === undefined ? undefined : disruptionOf(state),
    states: statesIn(events),
    calls: lab.services.calls,
    verdicts: verdictsIn(events),
    switches: Object.fromEntries(
      lab.fabric.switches.map(({ device }) => [device.name, switchEvidence(device, before.get(device.name))]),
    ),
  }
}

function networksIn(state: ExecutionState): CaseEvidence['networks'] {
  const found = state.targets.map((name) => [name, networkOf(state, name)] as const)
  return Object.fromEntries(found.flatMap(([name, standing]) => (standing === undefined ? [] : [[name, standing]])))
}

function switchEvidence(device: Switch, before: SwitchBefore | undefined): SwitchEvidence {
  device.settle()
  const open = device.sessions.all().filter(({ name, state }) => name.startsWith(OWN_SESSIONS) && isOpen(state))
  return {
    before: before?.running ?? '',
    after: running(device),
    requests: device.requests.length,
    execInConfig: device.commandLog.inConfig().map(({ line }) => line),
    leftovers: [
      ...(open.length > 0 ? (['session'] as const) : []),
      ...(device.sessions.timer === undefined ? [] : (['timer'] as const)),
      ...(before?.saved === true && !saved(device) ? (['unsaved'] as const) : []),
    ],
  }
}

function running(device: Switch) {
  return printed(device, device.running)
}

function saved(device: Switch) {
  return comparableText(running(device)) === comparableText(printed(device, device.startup))
}

function statesIn(events: readonly JournalEvent[]) {
  const entered = events.flatMap(transitionsOf).flatMap((event) => {
    if (event.type === 'StateEntered') return [event.state]
    return event.type === 'CompensationStarted' ? [ROLLBACK] : []
  })
  return [...new Set(entered)]
}

function verdictsIn(events: readonly JournalEvent[]): CaseEvidence['verdicts'] {
  const verdicts: Record<string, Record<string, Verdict>> = {}
  for (const event of events) {
    if (event.type !== 'VerdictGiven') continue
    const { device, check, verdict } = event
    verdicts[device] = { ...verdicts[device], [check]: verdict }
  }
  return verdicts
}
