import type { Json } from '../../../src/model/json.ts'
import { locatedNowhere } from '../../../src/source/located.ts'
import { readMachine } from '../../../src/workflow/asl/read-machine.ts'
import type { StateMachine } from '../../../src/workflow/machine.ts'
import { workflowDialect } from '../../../src/workflow/workflow-dialect.ts'

/** The machine of some states in the words of a workflow file. Throws when they are none. */
export function machineOf(
  states: Readonly<Record<string, Json>>,
  startAt = Object.keys(states)[0] ?? '',
): StateMachine {
  const read = readMachine(locatedNowhere({ StartAt: startAt, States: states }, 'w.yaml'), workflowDialect)
  if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 1))
  return read.value
}
