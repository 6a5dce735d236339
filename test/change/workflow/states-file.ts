import { z } from 'zod'
import type { InventoryDevice } from '../../../src/change/inventory/inventory.ts'
import { seenFabric } from '../../../src/change/inventory/seen-device.ts'
import { sightIn } from '../../../src/change/plan/readings.ts'
import { readMachine } from '../../../src/change/workflow/asl/read-machine.ts'
import type { KnownTask } from '../../../src/change/workflow/check-calls.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import type { Workflow } from '../../../src/change/workflow/definition/workflow.ts'
import type { StateMachine } from '../../../src/change/workflow/machine/machine.ts'
import { workflowDialect } from '../../../src/change/workflow/read-form.ts'
import type { TemplateScope } from '../../../src/change/workflow/template/change.ts'
import type { Place, ValueOrProblems } from '../../../src/model/error.ts'
import type { Json } from '../../../src/model/json.ts'
import { locatedNowhere, problemsOf } from '../../../src/text/source/located.ts'

/** The `http` task as far as these tests need it. */
const tasks: readonly KnownTask[] = [
  {
    name: 'http',
    input: z.strictObject({ method: z.enum(['GET', 'POST', 'PUT']), url: z.string(), body: z.json().optional() }),
  },
  { name: 'signal', input: z.strictObject({ message: z.string() }) },
]

const checks = [
  { name: 'reachable', input: z.strictObject({}) },
  { name: 'interfaces-up', input: z.strictObject({}), needs: 'interfaces' },
]

/** The least machine that changes switches: one state a line, in the order of the change. */
export const LEAST = `name: w
targets: role:leaf
change: { lines: [vlan 5] }
startAt: TakeSnapshot
states:
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Next: MakePlan }
  MakePlan: { Type: Task, Resource: eosflow:plan, Next: ApprovePlan }
  ApprovePlan: { Type: Task, Resource: eosflow:approve, Next: RollOut }
  RollOut:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: PushChange
      States:
        PushChange: { Type: Task, Resource: eosflow:push, Next: VerifyChange }
        VerifyChange:
          Type: Task
          Resource: eosflow:verify
          Arguments: { within: 1m, stableFor: 10s, checks: [reachable] }
          End: true
    Next: CheckTimers
  CheckTimers: { Type: Task, Resource: eosflow:ready, Next: ConfirmAll }
  ConfirmAll:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: ConfirmChange
      States:
        ConfirmChange: { Type: Task, Resource: eosflow:confirm, End: true }
    Next: SaveAll
  SaveAll:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: SaveChange
      States:
        SaveChange: { Type: Task, Resource: eosflow:save, End: true }
    Next: Done
  Done: { Type: Succeed }
`

/** Compiles a workflow with states. */
export function compileStates(text: string): ValueOrProblems<Workflow> {
  return compileWorkflow(text, 'w.yaml', { files: () => undefined, checks, tasks, policyPresent: false })
}

/** {@link LEAST} with parts replaced. Throws when one of them is not there. */
export function leastWith(...replacements: readonly (readonly [from: string, to: string])[]) {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no ${from}`)
    return text.replace(from, () => to)
  }, LEAST)
}

/** The problems of {@link LEAST} with parts replaced: the code, and the word that stands at the place. */
export function problemsWith(...replacements: readonly (readonly [from: string, to: string])[]) {
  const text = leastWith(...replacements)
  return problemsOf(compileStates(text)).map(({ code, at }) => `${code} ${wordAt(text, at)}`)
}

function wordAt(text: string, { line, column }: Place) {
  const found = /^(?:'[^']*'|[^\s,}:]+)/.exec(text.split('\n')[line - 1]?.slice(column - 1) ?? '')
  return found?.[0] ?? ''
}

/** What the change of a switch sees where it is the only one. */
export function sightOf(device: InventoryDevice): TemplateScope {
  const inventory = { file: 'inventory.yaml', devices: [device], groups: new Map(), credentials: {}, warnings: [] }
  return sightIn(inventory, seenFabric(inventory))(device)
}

/** The machine of some states in the words of a workflow file. Throws when they are none. */
export function machineOf(
  states: Readonly<Record<string, Json>>,
  startAt = Object.keys(states)[0] ?? '',
): StateMachine {
  const read = readMachine(locatedNowhere({ StartAt: startAt, States: states }, 'w.yaml'), workflowDialect)
  if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 1))
  return read.value
}
