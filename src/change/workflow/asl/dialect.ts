import type { Scope } from '../../../model/principal.ts'
import type { Place, ValueOrProblems } from '../../../model/problem.ts'
import type { TaskState, Undo } from '../machine/machine.ts'

export type MachineType = 'STANDARD' | 'EXPRESS'

export type QueryLanguageName = 'JSONPath' | 'JSONata'

export interface TaskBinding {
  readonly task: string
  readonly scope: Scope
  readonly effect: TaskState['effect']
  readonly undo: Undo
  readonly token: boolean
}

export interface Dialect {
  readonly type: MachineType
  readonly languages: readonly [QueryLanguageName, ...QueryLanguageName[]]
  /**
   * Whether a machine may say what Amazon States Language cannot: `Undo`, `Effect` and `Permissions` of a Task, the switches of the
   * plan as `Items` of a Map, and tolerated failures of an inline Map.
   */
  readonly extensions: boolean
  /** The largest input, output or result of a state, bytes of JSON in UTF-8; absent without limit. */
  readonly payloadBytes?: number
  /** What a `Resource` stands for; also that of an `Undo`, whose task alone is used. */
  resource(resource: string, at: Place): ValueOrProblems<TaskBinding>
}
