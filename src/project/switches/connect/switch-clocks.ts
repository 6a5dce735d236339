import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/suspend.ts'
import { type ClockAgreement, type ClockReading, clockAgreement } from '../../../eos/device/clock-agreement.ts'
import type { Fleet } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { skewWords } from '../../../report/phrases/skew-words.ts'
import { visibleLine } from '../../../report/text/text.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { Caller } from '../../identity/caller-of.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import { openFleet } from './open-fleet.ts'

const FIRST = 8

const PATIENCE = 10_000

/** The clock of a switch against this machine's, in seconds, from when it was asked and what it answered. */
export function skewOf(epoch: number, sent: number, heard: number): number {
  return epoch - (sent + heard) / 2000
}

/** Asks switches for their time before anything is written. Throws `clock` where this machine's clock is off most of theirs, and of two at least; warns of each other one that is off. */
export async function requireSwitchClocks(
  app: App,
  caller: Console,
  names: readonly string[],
): Promise<ClockAgreement | undefined> {
  if (app.clockRule === undefined || names.length < 2) return undefined
  const agreement = await agreementOf(app, caller, names)
  heedClocks(app, caller, agreement)
  return agreement
}

/** Throws `clock` where this machine's clock is the wrong one; warns of each other one that is off. */
export function heedClocks(app: RecordApp, caller: Console, agreement: ClockAgreement): void {
  if (agreement.isOurs) throw ours(app, agreement)
  for (const reading of agreement.off) caller.tell(`! ${visibleLine(skewWords(reading))}\n`)
}

async function agreementOf(app: App, caller: Console, names: readonly string[]) {
  const first = spread(names)
  const heard = await askClocks(app, caller, first)
  const agreement = clockAgreement(heard)
  if (agreement.off.length === 0 || first.length === names.length) return agreement
  const asked = new Set(first)
  const rest = await askClocks(
    app,
    caller,
    names.filter((name) => !asked.has(name)),
  )
  return clockAgreement([...heard, ...rest])
}

function spread(names: readonly string[]) {
  if (names.length <= FIRST) return names
  return Array.from({ length: FIRST }, (_, index) => names[Math.floor((index * names.length) / FIRST)] ?? '')
}

async function askClocks(app: App, caller: Console, names: readonly string[]): Promise<readonly ClockReading[]> {
  const inventory = app.project.inventory()
  const wanted = new Set(names)
  const targets = inventory.devices.filter(({ name }) => wanted.has(name))
  const quiet: Console = { ...caller, interactive: false, tell: () => undefined }
  const fleet = openFleet(app, quiet, inventory, targets)
  const heard: ClockReading[] = []
  const asked = targets.map(async ({ name }) => {
    const skew = await readSkew(fleet.as('read'), name, app.clock)
    heard.push({ device: name, skew })
  })
  const isOver = await allOrLate(asked)
  const closed = fleet.close().catch(() => undefined)
  if (isOver) await closed
  return names.flatMap((name) => heard.filter(({ device }) => device === name))
}

async function readSkew(fleet: Fleet, name: string, clock: Clock) {
  const device = await fleet.device(name)
  const sent = clock.now()
  const { epoch } = await device.look([])
  return skewOf(epoch, sent, clock.now())
}

async function allOrLate(asked: readonly Promise<unknown>[]) {
  const late = AbortSignal.timeout(PATIENCE)
  const passed = new Promise<false>((resolve) => {
    late.addEventListener('abort', () => resolve(false), { once: true })
  })
  return Promise.race([Promise.allSettled(asked).then(() => true), passed])
}

/** Most of the switches that told their time say that this machine's clock is wrong (kind `clock`). */
export class SwitchClockError extends EosflowError {
  readonly found: string

  constructor(found: string, hint: ReturnType<typeof hinted>) {
    super('clock', `${found}. Nothing was written`, hint)
    this.name = 'SwitchClockError'
    this.found = found
  }
}

function ours(app: RecordApp, { off, agreeing }: ClockAgreement) {
  const most = off.slice(0, 3).map(skewWords)
  const more = off.length > most.length ? `; and ${off.length - most.length} more` : ''
  const heard = `${off.length} of the ${off.length + agreeing} switches that told their time`
  return new SwitchClockError(
    `this machine's clock says ${new Date(app.clock.now()).toISOString()}, and ${heard} say otherwise: ${most.join('; ')}${more}`,
    hinted(app, { code: 'compare-clocks' }),
  )
}

/** Where workers do, it is the one that takes the change up, so that a client needs no way to a switch; its own clock is compared with that of the store at its first record. Throws `clock`. */
export async function requireClocksHere(app: App, caller: Console, targets: readonly string[]): Promise<void> {
  if (app.dispatch === undefined) await requireSwitchClocks(app, caller, targets)
}

/** Asks the switches of an execution for their time before a worker takes it up. Throws `clock`. */
export async function requireClocksToDrive(app: App, worker: Caller, state: ExecutionState): Promise<void> {
  if (state.sites.isDivided || unsettled(state).length > 0) return
  const tell = (text: string) => worker.tell(`${state.id}: ${text}`)
  await requireSwitchClocks(app, { ...worker, tell }, state.targets)
}
