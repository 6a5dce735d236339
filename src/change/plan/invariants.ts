import { wordsAt } from '../../eos/config/merge.ts'
import { type Breach, judgeInvariants } from '../../eos/invariant/judge.ts'
import type { Invariant } from '../../eos/invariant/pattern/invariant.ts'
import { EosflowError } from '../../model/error.ts'
import type { InventoryDevice } from '../inventory/inventory.ts'
import { type Selector, selects } from '../inventory/selector.ts'
import type { PlanWarning } from './plan.ts'
import type { PlanRedactor } from './redaction.ts'
import type { ComparedEvidence } from './seal.ts'

export interface PlannedInvariants {
  readonly digest: string
  readonly of: Readonly<Record<string, readonly Invariant[]>>
  readonly isUndo?: true
}

export function invariantsOf(
  invariants: readonly { readonly invariant: Invariant; readonly selector?: Selector }[],
  devices: readonly InventoryDevice[],
): PlannedInvariants['of'] {
  const isFor = (selector: Selector | undefined, device: InventoryDevice) =>
    selector === undefined || selects(selector, device)
  return Object.fromEntries(
    devices.map((device) => [
      device.name,
      invariants.filter(({ selector }) => isFor(selector, device)).map(({ invariant }) => invariant),
    ]),
  )
}

const NAMED = 20
const NAMED_OF_ONE = 3

/** What was broken before and stays so is a warning. Throws `guard` with what the change breaks; where it takes another one back that is a warning too: what was there before is where it leads. */
export function invariantWarnings(
  planned: PlannedInvariants | undefined,
  shown: readonly ComparedEvidence[],
  clean: PlanRedactor,
): readonly PlanWarning[] {
  if (planned === undefined) return []
  const judged = shown
    .filter(({ comparison }) => comparison.changes.length > 0)
    .map(({ device, comparison: { before, after } }) => ({
      device,
      ...judgedOn(device, () => judgeInvariants(planned.of[device] ?? [], before, after)),
    }))
  const broken = judged.flatMap(({ device, broken }) => broken.map((breach) => ({ device, breach })))
  if (broken.length > 0 && planned.isUndo !== true) throw brokenBy(broken, clean)
  return judged.flatMap(({ device, broken, already }) => [
    ...warningsOf(device, broken, 'the rollback breaks', clean),
    ...warningsOf(device, already, 'was broken before, and stays so:', clean),
  ])
}

function judgedOn<T>(device: string, judge: () => T) {
  try {
    return judge()
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'guard') throw error
    throw new EosflowError('guard', `${device}: ${error.message}`, { device, hint: error.hint ?? '' })
  }
}

function brokenBy(broken: readonly { readonly device: string; readonly breach: Breach }[], clean: PlanRedactor) {
  const lines = broken
    .slice(0, NAMED)
    .map(
      ({ device, breach }) =>
        `${device}: breaks \`${breach.invariant}\` (${breach.because}): ${wordsOf(breach, clean)}`,
    )
  const more = broken.length - lines.length
  return new EosflowError('guard', [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'), {
    hint: 'Change what is planned. What must hold is in invariants/, and under `invariants` of eosflow.yaml.',
  })
}

/** A breach as a sentence behind the name of its invariant: `interface Ethernet5 lacks …`. */
export function wordsOf({ block, verb, lines }: Breach, clean: PlanRedactor): string {
  const [first = [], ...others] = lines
  const more = others.length === 1 ? 'another line' : `${others.length} other lines`
  const or = others.length === 0 ? '' : ` (${more} would do, too)`
  return `${wordsAt(block, clean)} ${verb} \`${wordsAt(first, clean)}\`${or}`
}

function warningsOf(
  device: string,
  breaches: readonly Breach[],
  says: string,
  clean: PlanRedactor,
): readonly PlanWarning[] {
  return [...new Set(breaches.map(({ invariant }) => invariant))].map((name) => {
    const own = breaches.filter(({ invariant }) => invariant === name)
    const named = own.slice(0, NAMED_OF_ONE).map((breach) => wordsOf(breach, clean))
    const more = own.length - named.length
    const message = `${says} \`${name}\`: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
    return { code: 'broken-invariant', device, message }
  })
}
