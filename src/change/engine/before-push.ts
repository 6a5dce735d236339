import { UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import {
  type AskedSwitch,
  type CloudVisionPort,
  type FoundChangeControl,
  isInTheWay,
  unidentifiedWords,
} from '../../model/cloudvision.ts'
import { EosflowError } from '../../model/error.ts'
import { togetherIn } from '../plan/pairs.ts'
import type { EventBody } from '../record/event/event.ts'
import type { BeforePush, ChangePort, PairPoint } from '../task/act/context.ts'
import { fitnessCommands, requireFreeSide, requireOtherSides } from '../task/act/other-side.ts'
import { sharedLooks } from '../task/act/shared-looks.ts'
import type { AroundRunner, KeptPlan } from './change.ts'
import { isConcerned } from './evaluate.ts'
import type { Ledger } from './ledger.ts'
import { changedTogether } from './next.ts'
import type { ChangePorts } from './ports.ts'
import type { Prober } from './prober.ts'

const AWAY_HINT =
  'Nothing was sent to these switches. Where changes are to go on without its answer: cloudvision: { whenAway: warn } in eosflow.yaml.'
const RUNNING_HINT = 'Let it end in CloudVision, or stop it there, then start again.'

// Throws `busy` where a change control runs on one of them, and `protocol` where that is not known, unless the settings want only a warning of
// it: then it gives `unheard` where nothing was heard.
async function requireNoChangeControl(
  port: CloudVisionPort,
  ledger: Pick<Ledger, 'append'>,
  switches: readonly AskedSwitch[],
  signal: AbortSignal,
) {
  const devices = switches.map(({ name }) => name)
  const goesOn = port.whenAway === 'warn'
  const found = await heard(port, switches, signal)
  const unknown = async (because: string) => {
    await ledger.append(asked({ answer: 'unknown', devices, because, ...(goesOn ? { goesOn } : {}) }))
    if (goesOn) return
    throw new EosflowError('protocol', `CloudVision does not say whether it changes these switches now: ${because}`, {
      hint: AWAY_HINT,
    })
  }
  if (typeof found === 'string') {
    await unknown(found)
    return 'unheard'
  }
  const { known, controls, unidentified } = found
  const inTheWay = controls.filter(isInTheWay)
  if (inTheWay.length === 0 && unidentified !== undefined) {
    await unknown(unidentifiedWords(unidentified))
    return 'free'
  }
  await ledger.append(asked({ answer: inTheWay.length === 0 ? 'free' : 'running', devices, known, controls }))
  if (inTheWay.length === 0) return 'free'
  throw new EosflowError('busy', inTheWay.map(words).join('\n'), { hint: RUNNING_HINT })
}

type Asked = Extract<EventBody, { readonly type: 'CloudVisionAsked' }>

function asked(body: Omit<Asked, 'type'>): Asked {
  return { type: 'CloudVisionAsked', ...body }
}

async function heard(port: CloudVisionPort, switches: readonly AskedSwitch[], signal: AbortSignal) {
  try {
    return await port.ask(switches, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof EosflowError && error.kind !== 'bug' && error.kind !== 'store') return error.message
    throw error
  }
}

function words({ id, name, standing, devices }: FoundChangeControl) {
  const which = name === undefined ? id : `"${name}" (${id})`
  if (devices.length === 0)
    return `CloudVision carries out the change control ${which}, and does not say on which switches`
  const where = devices.join(', ')
  return standing === 'running'
    ? `CloudVision carries out the change control ${which} on ${where}`
    : `CloudVision has started the change control ${which} on ${where}, and does not say whether it has ended`
}

/** Lets the two switches of a pair that the plan changes together wait for each other right before their timed commits, and right before their confirms. */
export function pairMeetings(
  ledger: Ledger,
  kept: KeptPlan,
): (device: string, point: PairPoint, signal: AbortSignal) => Promise<boolean> {
  const waiting = new Map<string, () => void>()
  return async (device, point, signal) => {
    const partner = togetherIn((await kept.get()).content.pairs ?? [])
      .find((pair) => pair.includes(device))
      ?.find((name) => name !== device)
    if (partner === undefined) return false
    if (isPast(ledger, partner, point)) return true
    const other = waiting.get(`${point} ${partner}`)
    if (other !== undefined) {
      other()
      return true
    }
    const key = `${point} ${device}`
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        waiting.delete(key)
        const message = `${device}: not ${DONE[point]}: the execution stops before ${partner}, which goes together with it, is as far`
        reject(new EosflowError('cancelled', message, { device }))
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      waiting.set(key, () => {
        waiting.delete(key)
        signal.removeEventListener('abort', abort)
        resolve()
      })
    })
    return true
  }
}

const DONE: Readonly<Record<PairPoint, string>> = { arm: 'committed', confirm: 'confirmed' }

function isPast({ state }: Ledger, device: string, point: PairPoint) {
  const history = state.devices.get(device)
  if (!isConcerned(state, device) || state.leftOut.has(device)) return true
  return point === 'arm' ? wasCommitted(history) : wasCommitted(history) && history?.phase !== 'armed'
}

interface Call {
  // The scope of its state; absent for what takes a switch back.
  readonly path: string | undefined
  readonly device: string | undefined
  readonly among: string | undefined
  readonly signal: AbortSignal
}

/** What is waited for, or required, before the switches of an execution are pushed or confirmed. */
export function beforePush(
  ports: ChangePorts,
  ledger: Ledger,
  {
    change,
    prober,
    around,
    kept,
  }: {
    readonly change: ChangePort
    readonly prober: Prober
    readonly around: AroundRunner
    readonly kept: KeptPlan
  },
): (call: Call) => BeforePush {
  const { clock, checks, cloudVision, heldBy = async () => undefined } = ports
  const looks = sharedLooks(ports.fleet.apart().as('read'), clock, fitnessCommands(checks))
  // Of each wave: it is asked once for all of its switches, so that none of them is pushed where one may not be.
  const asked = new Map<string, Promise<void>>()
  // The same of what CloudVision says, and since when it is asked.
  const unruled = new Map<string, { readonly since: number; isUnderWay: boolean; readonly answer: Promise<void> }>()
  // A CloudVision that gave no answer once is asked no more: each wait eats the commit timers of the waves before.
  let isUnheard = false
  const meet = pairMeetings(ledger, kept)

  const askCloudVision = async (port: CloudVisionPort, device: string, signal: AbortSignal) => {
    const waves = ledger.state.plan?.waves ?? []
    const from = waves.findIndex((wave) => wave.includes(device))
    const isOpen = (name: string) => !wasCommitted(ledger.state.devices.get(name) ?? UNTOUCHED)
    const names = from === -1 ? [device] : waves.slice(from).flat().filter(isOpen)
    const switches = await Promise.all(
      names.map(async (name) => ({ name, serial: (await change.planned(name)).identity.serial })),
    )
    isUnheard = (await requireNoChangeControl(port, ledger, switches, signal)) === 'unheard'
  }

  const ask = async (device: string, signal: AbortSignal) => {
    const wave = ledger.state.plan?.waves.find((one) => one.includes(device)) ?? [device]
    const planned = await Promise.all(wave.map((name) => change.planned(name)))
    const sides = planned.flatMap(({ otherSide }) => otherSide ?? [])
    if (sides.length === 0) return
    const { look } = looks(`fitness ${wave.join(' ')}`)
    const port = {
      look: async (name: string) => (await look(name, clock.monotonic())).answer,
      heldBy,
    }
    await requireOtherSides({ execution: ledger.state.id, checks, clock, signal, port }, sides)
  }
  return ({ path, device, among, signal }) => ({
    takeShares: async (seconds) => {
      if (ports.budgets === undefined || device === undefined || path === undefined) return
      const devices = changedTogether(ledger.state, path, device)
      await ports.budgets.take(ledger, { devices, seconds, signal })
    },
    beginProbes: () => prober.begin(),
    requireTickets: () => around.requireTickets(),
    beginAround: () => around.begin(),
    requireOtherSides: async () => {
      if (device === undefined || among === undefined) return
      const known = asked.get(among) ?? ask(device, signal)
      asked.set(among, known)
      known.catch(() => asked.delete(among))
      await known
    },
    requireNoChangeControl: async () => {
      if (cloudVision === undefined || device === undefined || among === undefined || isUnheard) return
      const now = clock.monotonic()
      const before = unruled.get(among)
      if (before !== undefined && (before.isUnderWay || now - before.since <= cloudVision.keptFor)) return before.answer
      const asked = { since: now, isUnderWay: true, answer: askCloudVision(cloudVision, device, signal) }
      unruled.set(among, asked)
      const over = () => {
        asked.isUnderWay = false
      }
      asked.answer.then(over, () => unruled.delete(among))
      await asked.answer
    },
    requireFreeSide: async () => {
      if (device === undefined) return
      const { otherSide } = await change.planned(device)
      if (otherSide !== undefined) await requireFreeSide({ heldBy }, otherSide)
    },
    meetPartner: async (point) => device !== undefined && path !== undefined && meet(device, point, signal),
  })
}
