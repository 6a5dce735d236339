import { kindOf } from '../../eos/config/kinds/kind-of.ts'
import { orderedChanges } from '../../eos/config/ordered-changes.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { QUIET_KINDS } from '../../model/change-kind.ts'
import { canonicalJson } from '../../model/digest.ts'
import { keptPurposeOf } from '../../model/kept-workflow.ts'
import type { Plan, PlanContent, PlannedDevice } from './plan.ts'

export interface BaseDifference {
  readonly device: string
  readonly block: string
  readonly lines: readonly string[]
  /** Its kind by docs/reference/change-kinds.md. */
  readonly kind: string
}

export interface CarryVerdict {
  readonly obstacles: readonly string[]
  readonly differences: readonly BaseDifference[]
}

const MOST_LINES = 200

/** `approved` is always the plan that people have seen. */
export function carries(approved: Plan, made: Plan): CarryVerdict {
  const [was, is] = [comparedParts(approved.content), comparedParts(made.content)]
  const others = Object.keys({ ...was, ...is }).filter((name) => textOf(was[name]) !== textOf(is[name]))
  const moved = made.content.devices.filter(
    ({ base }, at) => base.running !== approved.content.devices[at]?.base.running,
  )
  const judged = moved.map((device) => judgedBase(device, approved, made))
  return {
    obstacles: [
      ...kindOfPlan(approved),
      ...others.map((name) => `not what was approved: ${name}`),
      ...judged.flatMap(({ obstacles }) => obstacles),
    ],
    differences: judged.flatMap(({ differences }) => differences),
  }
}

export function kindOfPlan({ content }: Pick<Plan, 'content'>): readonly string[] {
  const { sites, workflow, devices, allow } = content
  const kinds = {
    'the plan is one of several sites': sites,
    'the plan is a rollback or a restore': ['rollback', 'restore'].includes(keptPurposeOf(workflow.file) ?? ''),
    'the plan replaces a whole configuration': devices.some(({ mode }) => mode !== 'merge'),
    'the plan may change users, passwords and keys': allow.includes('users'),
    'the plan changes what a switch boots': devices.some(({ bootLines }) => bootLines),
    'the plan has lines that no rule knows': devices.some(({ unknownLines }) => unknownLines.length > 0),
  }
  return Object.entries(kinds).flatMap(([reason, is]) => (is ? [reason] : []))
}

// Not here: who asked, and the bases, which are judged apart; states, which are read again; the document that a gate was asked about; and of
// lines all but their HMACs, because placeholders depend on the bases.
function comparedParts(content: PlanContent): Readonly<Record<string, unknown>> {
  const { requesters: _, rebases: _from, devices, gate = [], neighbors = [], ...rest } = content
  const ofEach = devices.map(({ base, lines: _lines, diff: _diff, ...device }) =>
    Object.entries({ ...device, saved: base.startupEqualsRunning }).map(([of, is]) => [`${of} of ${device.name}`, is]),
  )
  return {
    ...rest,
    gate: gate.map(({ input: _, ...said }) => said),
    neighbors: neighbors.map(({ state: _, ...beside }) => beside),
    ...Object.fromEntries(ofEach.flat()),
  }
}

function textOf(value: unknown) {
  return canonicalJson(JSON.parse(JSON.stringify([value])))
}

function judgedBase({ name: device, diff }: PlannedDevice, approved: Plan, made: Plan): CarryVerdict {
  const [was = '', is = ''] = [approved, made].map(({ evidence }) => evidence.bases?.[device])
  const differences = orderedChanges(parseConfig(was), parseConfig(is), MOST_LINES)?.map(
    ({ sign, path, line }): BaseDifference => ({
      device,
      block: path.join(' / '),
      lines: [`${sign}${line}`],
      kind: kindOf(path, line) ?? 'no known kind',
    }),
  )
  if (!differences?.length)
    return { obstacles: [`${device}: the base differs in no line, or in more than ${MOST_LINES}`], differences: [] }
  const obstacles = differences.flatMap((one) => {
    if (diff.some(({ text }) => text === one.block)) return [`${differenceWords(one)}, which the change touches`]
    return QUIET_KINDS.includes(one.kind) ? [] : [`${differenceWords(one)}, a line of ${one.kind}`]
  })
  return { obstacles, differences }
}

export function differenceWords({ device, block, lines }: Omit<BaseDifference, 'kind'>): string {
  return `${device}: the base differs in \`${[block, ...lines].filter(Boolean).join(' / ')}\``
}
