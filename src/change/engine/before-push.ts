import { UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import type { CloudVisionPort } from '../../model/cloudvision.ts'
import type { BeforePush } from '../task/act/before-push.ts'
import type { ChangePort } from '../task/act/context.ts'
import { fitnessCommands, requireFreeSide, requireOtherSides } from '../task/act/other-side.ts'
import { sharedLooks } from '../task/act/shared-looks.ts'
import type { AroundRunner } from './around-runner.ts'
import { requireNoChangeControl } from './cloudvision.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'
import { pairMeetings } from './pair-meetings.ts'
import type { ChangePorts } from './ports.ts'
import type { Prober } from './prober.ts'
import { changedTogether } from './shares.ts'

/** One call of a task of a switch. */
interface Call {
  /** The scope of its state; absent for what takes a switch back. */
  readonly path: string | undefined
  readonly device: string | undefined
  /** What all switches of its wave have in common. */
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
  /** Of each wave: it is asked once for all of its switches, so that none of them is pushed where one may not be. */
  const asked = new Map<string, Promise<void>>()
  /** The same of what CloudVision says, and since when it is asked. */
  const unruled = new Map<string, { readonly since: number; isUnderWay: boolean; readonly answer: Promise<void> }>()
  /** A CloudVision that gave no answer once is asked no more: each wait eats the commit timers of the waves before. */
  let isUnheard = false
  const meet = pairMeetings(ledger, kept)

  /** Those of a later wave are asked about, too: a change is not begun that cannot be ended. What is under its timer is not: it goes on, or is put back. */
  const askCloudVision = async (port: CloudVisionPort, device: string, signal: AbortSignal): Promise<void> => {
    const waves = ledger.state.plan?.waves ?? []
    const from = waves.findIndex((wave) => wave.includes(device))
    const isOpen = (name: string): boolean => !wasCommitted(ledger.state.devices.get(name) ?? UNTOUCHED)
    const names = from === -1 ? [device] : waves.slice(from).flat().filter(isOpen)
    const switches = await Promise.all(
      names.map(async (name) => ({ name, serial: (await change.planned(name)).identity.serial })),
    )
    isUnheard = (await requireNoChangeControl(port, ledger, switches, signal)) === 'unheard'
  }

  const ask = async (device: string, signal: AbortSignal): Promise<void> => {
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
      const over = (): void => {
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
