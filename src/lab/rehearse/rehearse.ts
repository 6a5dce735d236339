import type { PlanContent } from '../../change/plan/plan.ts'
import { KNOWN_FORMS_FILE } from '../../change/plan/taken-forms.ts'
import { renderConfig } from '../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { converge } from '../../eos/sim/converge/converge.ts'
import type { NetworkState } from '../../eos/sim/converge/network-state.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { Rehearsal, RehearsedCell } from '../../report/rehearsal/rehearsal.ts'
import type { TrialRunner } from '../trial/trial-thread.ts'
import type { Controllers } from './controller.ts'
import { judgeTrial, type TrialCriteria } from './judge-trial.ts'
import { cellsOf, type Selection } from './matrix.ts'
import { readAll, type SwitchContents } from './switch-contents.ts'
import { type TrialGround, type TrialResult, tryOut } from './trial.ts'
import { Twin } from './twin.ts'

const MOST = 64

/** `converge` for trials that begin alike, one after the other: what it has computed for the same configurations on the same switches and cables it gives again. With a fault between the switches it computes anew, because that may move with time. */
export function rememberedConverge(): typeof converge {
  const texts = new WeakMap<ConfigTree, string>()
  const states = new Map<string, NetworkState>()
  const digestOf = (tree: ConfigTree) => {
    const digest = texts.get(tree) ?? sha256(renderConfig(tree))
    texts.set(tree, digest)
    return digest
  }
  return (devices, cabling, faults, at, demands) => {
    if (faults.length > 0) return converge(devices, cabling, faults, at, demands)
    const key = devices.map(({ name, config, up }) => `${name} ${up} ${digestOf(config)}`).join('\n')
    const state = states.get(key) ?? converge(devices, cabling, faults, at, demands)
    states.delete(key)
    states.set(key, state)
    const [oldest] = states.keys()
    if (states.size > MOST && oldest !== undefined) states.delete(oldest)
    return { ...state, at }
  }
}

export interface RehearsalRequest {
  readonly workflow: string
  readonly fabric: Fabric
  /** The seconds of the commit timer. */
  readonly timer: number
  readonly atomic: PlanContent['atomic']
  readonly selection: Selection
  readonly controllers: Controllers
  /** How the outside judges of the workflow are called, which a rehearsal does not ask; absent where there is none. */
  readonly judges?: readonly string[]
}

export interface Stage {
  readonly trials: number
  tryOut(index: number): Promise<RehearsedCell>
  of(cells: readonly RehearsedCell[]): Rehearsal
}

/** Throws what kept it from success. */
export async function stageOf(request: RehearsalRequest): Promise<Stage> {
  const { fabric, controllers, timer, atomic, selection } = request
  const converge = rememberedConverge()
  const before = readAll(new Twin(fabric, selection.seed, converge).fabric)
  const bare: TrialGround = { fabric, seed: selection.seed, timer, edit: [], controllers, converge }
  const undisturbed = requireSuccess(await tryOut(bare))
  const edit = editBeside([...before.values(), ...undisturbed.switches.values()])
  const ground = { ...bare, edit }
  const yardstick = yardstickOf(before, undisturbed, atomic, edit)
  const order = undisturbed.state.plan?.waves.flat() ?? []
  const cells = cellsOf(order, undisturbed.events, selection)
  return {
    trials: cells.length,
    tryOut: async (index) => {
      const cell = cells[index]
      if (cell === undefined) throw new RangeError(`no trial ${index}`)
      return judgeTrial(cell, await tryOut(ground, cell), yardstick)
    },
    of: (judged) => ({
      workflow: request.workflow,
      fabric: fabric.name,
      devices: order,
      seed: selection.seed,
      undisturbed: { records: undisturbed.events.length, seconds: undisturbed.seconds },
      cells: judged,
      ...definedMembers({ unasked: request.judges }),
    }),
  }
}

export interface RehearsalWatch {
  readonly stop: AbortSignal
  progress(done: number, of: number): void
}

/** Makes every trial of a stage once, each time from the same beginning. Each runner takes the next trial when it has made the one before. */
export async function rehearse(
  stage: Stage,
  runners: readonly TrialRunner<RehearsedCell>[],
  { stop, progress }: RehearsalWatch,
): Promise<Rehearsal> {
  const { trials } = stage
  const judged: RehearsedCell[] = []
  let next = 0
  let done = 0
  const work = async (runner: TrialRunner<RehearsedCell>) => {
    for (let index = next++; index < trials; index = next++) {
      if (stop.aborted) throw new EosflowError('cancelled', 'stopped before everything was tried')
      judged[index] = await runner(index)
      done += 1
      progress(done, trials)
    }
  }
  await Promise.all(runners.map(work))
  return stage.of(judged)
}

// What a switch says of a line that it cannot read (docs/eos.md 1.4).
const UNREAD = /\b(?:Invalid input|Incomplete command|Ambiguous command) \(at token \d+: /

const LOOK =
  'Only a change that succeeds can be rehearsed. Look at it with eosflow plan --offline, or in a test with eosflow test.'
const TEACH = `A simulated switch knows fewer lines than yours. If yours takes this one, write its form into ${KNOWN_FORMS_FILE}, below the command that opens its mode: \`mtu <68-65535>\` (docs/syntax.md).`

type Succeeded = TrialResult & { readonly state: NonNullable<TrialResult['state']> }

function requireSuccess(tried: TrialResult): Succeeded {
  const { state, stuck } = tried
  if (state?.outcome === 'succeeded' && (state.plan?.waves.flat().length ?? 0) > 0) return { ...tried, state }
  const error = state?.compensation?.error
  const why =
    stuck ?? error?.message ?? (state?.outcome === undefined ? 'it does not begin' : `it ends ${state.outcome}`)
  throw new EosflowError(
    error?.kind ?? 'state-failed',
    `the change fails on the simulated switches even without a fault: ${why}`,
    { hint: UNREAD.test(why) ? TEACH : LOOK },
  )
}

function yardstickOf(
  before: ReadonlyMap<string, SwitchContents>,
  { switches }: TrialResult,
  atomic: PlanContent['atomic'],
  edit: readonly string[],
): TrialCriteria {
  const sides = new Map(
    [...switches].flatMap(([name, after]) => {
      const own = before.get(name)
      return own === undefined ? [] : [[name, { before: own, after }] as const]
    }),
  )
  const changed = [...sides].filter(([, side]) => side.before.running !== side.after.running).map(([name]) => name)
  return { sides, changed: new Set(changed), atomic, edit }
}

const HIGHEST_VLAN = 4094

function editBeside(readings: readonly SwitchContents[]) {
  const texts = readings.map(({ running }) => running)
  for (let vlan = HIGHEST_VLAN; vlan > 1; vlan -= 1) {
    if (!texts.some((text) => new RegExp(`\\b${vlan}\\b`).test(text))) return [`vlan ${vlan}`, 'name REHEARSED-BY-HAND']
  }
  throw new EosflowError('state-failed', 'no VLAN is left for the edits by hand of a rehearsal')
}
