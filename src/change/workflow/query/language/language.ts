import type { Random } from '../../../../model/clock.ts'
import type { Json, JsonObject } from '../../../../model/json.ts'
import type { ChoiceRule, Flow, Source } from '../../machine/machine.ts'
import type { SeenInventory } from './inventory-names.ts'

type QueryError =
  | 'States.QueryEvaluationError'
  | 'States.Runtime'
  | 'States.ResultPathMatchFailure'
  | 'States.ParameterPathFailure'
  | 'States.IntrinsicFailure'
  | 'States.DataLimitExceeded'

/** The longest cause of a failure, in UTF-16 code units (API EvaluationFailedEventDetails, `cause`). */
export const LONGEST_CAUSE = 32_768

/** `location` is the field, with the way into it: `Output/result`. */
export class QueryFault extends Error {
  readonly error: QueryError
  readonly location: string | undefined

  constructor(error: QueryError, cause: string, location?: string) {
    super(cause)
    this.name = 'QueryFault'
    this.error = error
    this.location = location
  }
}

export interface ExpressionScope {
  readonly input: Json
  readonly context: JsonObject
  /** Every variable that is visible in the state's scope, outer scopes included, as before the state's own assignment. */
  readonly variables: JsonObject
  readonly inventory?: SeenInventory
  /** What the state's work gave; absent before the work and in states without any. */
  readonly result?: Json
  readonly errorOutput?: JsonObject
  /** Milliseconds since the epoch: what `$now` and `$millis` say. */
  readonly now: number
  readonly random: Random
}

export type Want = 'any' | 'array' | 'boolean' | 'string' | 'timestamp' | 'count' | 'seconds'

export interface StateEntry {
  readonly effective: Json
  readonly arguments: Json
}

export interface StateOutput {
  readonly output: Json
  readonly assigned: JsonObject
}

export interface QueryLanguage {
  begin(flow: Flow, sight: ExpressionScope): Promise<StateEntry>
  /** The value of one field, named as a message would (`MaxConcurrency`, `SecondsPath`). */
  read(source: Source, field: string, want: Want, sight: ExpressionScope, effective: Json): Promise<Json>
  /** `index` is its position, for messages. */
  holds(when: ChoiceRule['when'], index: number, sight: ExpressionScope, effective: Json): Promise<boolean>
  /** `result` is what flows on by default: what the work gave, or the arguments of a state without work, or in a catcher the error output. `within` is where the flow stands in its state, for locations: `Choices[2]/`, `Catch[0]/`. */
  finish(flow: Flow, sight: ExpressionScope, result: Json, within?: string): Promise<StateOutput>
}
