import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import type { Reply } from '../../eos/device/device.ts'
import type { Transport } from '../../eos/device/transport.ts'
import { inMemoryEapi } from '../../eos/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../eos/sim/fabric/simulated-fabric.ts'
import type { DeviceFault } from '../../eos/sim/fault/fault.ts'
import { eapiTransport } from '../../eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../eos/transport/eapi/exchange.ts'
import type { Clock } from '../../model/clock.ts'
import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import { readsOnly } from '../../model/fence.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../model/http-port.ts'
import { Secret } from '../../model/secret.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { targetNamed } from '../trial/simulated-target.ts'
import { VirtualClock } from '../trial/virtual-clock.ts'
import { judgedServices } from './judged-services.ts'
import { ROLLBACK } from './naming-problems.ts'
import type { ServiceAnswer, Services } from './schema.ts'
import type { TestCase } from './test-case.ts'

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
  if (fails !== undefined) throw new EosflowError(fails, `${name}: ${SAYS[fails]}`)
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

const SAYS = {
  unreachable: 'nobody answers at this address',
  'lost-answer': 'the connection ended before the answer',
} as const

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
export function startLab({ fabric: source, faults, services, judges, interrupt }: TestCase, wall: Clock): Lab {
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
  return {
    clock,
    fabric,
    transport,
    services: { ...mocked, http: judgedServices(judges, clock, (state) => begun.has(state), mocked.http) },
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
