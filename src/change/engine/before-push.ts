import { UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import { EosflowError } from '../../model/error.ts'
import { togetherIn } from '../plan/pairs.ts'
import type { BeforePush, ChangePort, OpenFeature, PairPoint, PushedSwitch } from '../task/act/context.ts'
import { fitnessCommands, requireFreeSide, requireOtherSides } from '../task/act/other-side.ts'
import { sharedLooks } from '../task/act/shared-looks.ts'
import type { AroundRunner, KeptPlan } from './change.ts'
import { isConcerned } from './evaluate.ts'
import type { Ledger } from './ledger.ts'
import { changedTogether } from './next.ts'
import type { ChangePorts } from './ports.ts'
import type { Prober } from './prober.ts'

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
    features,
  }: {
    readonly change: ChangePort
    readonly prober: Prober
    readonly around: AroundRunner
    readonly kept: KeptPlan
    readonly features: readonly OpenFeature[]
  },
): (call: Call) => BeforePush {
  const { clock, checks, heldBy = async () => undefined } = ports
  const looks = sharedLooks(ports.fleet.apart().as('read'), clock, fitnessCommands(checks))
  // Of each wave: it is asked once for all of its switches, so that none of them is pushed where one may not be.
  const asked = new Map<string, Promise<void>>()
  const meet = pairMeetings(ledger, kept)

  const pushing = (device: string, among: string, signal: AbortSignal): PushedSwitch => ({
    device,
    among,
    open: async () => {
      const waves = ledger.state.plan?.waves ?? []
      const from = waves.findIndex((wave) => wave.includes(device))
      const isOpen = (name: string) => !wasCommitted(ledger.state.devices.get(name) ?? UNTOUCHED)
      const names = from === -1 ? [device] : waves.slice(from).flat().filter(isOpen)
      return Promise.all(names.map(async (name) => ({ name, serial: (await change.planned(name)).identity.serial })))
    },
    signal,
  })

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
    askFeatures: async () => {
      if (device === undefined || among === undefined) return
      for (const feature of features) {
        if (feature.push !== undefined) await feature.push(pushing(device, among, signal))
      }
    },
    requireFreeSide: async () => {
      if (device === undefined) return
      const { otherSide } = await change.planned(device)
      if (otherSide !== undefined) await requireFreeSide({ heldBy }, otherSide)
    },
    meetPartner: async (point) => device !== undefined && path !== undefined && meet(device, point, signal),
  })
}
