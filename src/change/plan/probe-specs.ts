import { type ProbeSpec, probeName } from '../../model/probe.ts'
import type { Place, Problem, ValueOrProblems } from '../../model/problem.ts'
import { acceptUnless, problemsOf } from '../../text/source/checked.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { selectDevices } from '../inventory/selector.ts'
import type { Workflow } from '../workflow/definition/workflow.ts'
import type { ProbeCall } from '../workflow/schema/probe-schema.ts'

// So many pairs are asked in all, and by one switch: it asks one after the other, and a request that is lost may take a second.
const MOST = 50
const MOST_OF_SWITCH = 10

export interface PlacedProbe {
  readonly spec: ProbeSpec
  readonly at: Place
}

/** The pairs that a workflow asks, one for each switch that its entries mean; or who is unknown, what is asked twice, and that they are too many. */
export function probeSpecs(
  { probes }: Pick<Workflow, 'probes'>,
  inventory: Inventory,
): ValueOrProblems<readonly PlacedProbe[]> {
  const problems: Problem[] = []
  const seen = new Map<string, ProbeCall>()
  const specs: PlacedProbe[] = []
  for (const call of probes) {
    const { from, at, fromAt, ...what } = call
    const selected = selectDevices(from, inventory, fromAt)
    if (!selected.ok) {
      problems.push(...problemsOf(selected))
      continue
    }
    for (const { name } of selected.value) {
      const spec = { from: name, ...what }
      const other = seen.get(probeName(spec))
      if (other !== undefined) problems.push(twice(spec, call, other))
      seen.set(probeName(spec), call)
      specs.push({ spec, at })
    }
  }
  return acceptUnless(problems.length > 0 ? firstOfEach(problems) : tooMany(probes, specs), () => specs)
}

function twice(spec: ProbeSpec, { at }: ProbeCall, other: ProbeCall): Problem {
  const place = other.at.line === at.line ? '' : ` (line ${other.at.line})`
  return {
    code: 'probe-twice',
    message: `${probeName(spec)} is asked already${place}`,
    at,
    hint: 'delete one of the two, or narrow `from`',
  }
}

function firstOfEach(problems: readonly Problem[]) {
  return problems.filter(
    (one, index) =>
      one.code !== 'probe-twice' ||
      problems.findIndex(
        ({ code, at }) => code === one.code && at.line === one.at.line && at.column === one.at.column,
      ) === index,
  )
}

function tooMany(probes: readonly ProbeCall[], specs: readonly PlacedProbe[]): readonly Problem[] {
  const at = probes[0]?.at
  if (at === undefined) return []
  const bySwitch = new Map<string, number>()
  for (const {
    spec: { from },
  } of specs)
    bySwitch.set(from, (bySwitch.get(from) ?? 0) + 1)
  const [most] = [...bySwitch].toSorted(([, a], [, b]) => b - a)
  const hint = 'ask fewer addresses, or from fewer switches'
  const code = 'too-many-probes'
  if (specs.length > MOST)
    return [{ code, message: `${specs.length} pairs are probed: at most ${MOST} can be`, at, hint }]
  if (most === undefined || most[1] <= MOST_OF_SWITCH) return []
  return [
    { code, message: `${most[0]} would ask ${most[1]} addresses: one switch asks at most ${MOST_OF_SWITCH}`, at, hint },
  ]
}
