import type { Json, JsonObject } from '../../../../model/json.ts'
import type { Random } from '../../../../model/random.ts'
import type { ChoiceRule, Flow, Source } from '../../machine/machine.ts'
import type { SeenInventory } from './inventory-names.ts'

/** What an expression of a state may see. */
export interface ExpressionScope {
  /** The raw input of the state. */
  readonly input: Json
  /** The context object (states-language.net, "The Context Object"). */
  readonly context: JsonObject
  /** Every variable that is visible in the state's scope, outer scopes included, as before the state's own assignment. */
  readonly variables: JsonObject
  /** The inventory, where the machine is that of a workflow. */
  readonly inventory?: SeenInventory
  /** What the state's work gave; absent before the work and in states without any. */
  readonly result?: Json
  /** `{ Error, Cause }`, in a catcher only. */
  readonly errorOutput?: JsonObject
  /** Milliseconds since the epoch: what `$now` and `$millis` say. */
  readonly now: number
  /** What `$random`, `$uuid` and `States.MathRandom` draw from. */
  readonly random: Random
}

/** The type that a field demands of its value. `timestamp` is ISO 8601 with an offset; `count` is an integer, which JSONPath also takes as numeric text. */
export type Want = 'any' | 'array' | 'boolean' | 'string' | 'timestamp' | 'count' | 'seconds'

/** What a state begins with: `effective` is what its other fields see, `arguments` what its work is given. */
export interface StateEntry {
  readonly effective: Json
  readonly arguments: Json
}

/** What a state leaves behind. */
export interface StateOutput {
  readonly output: Json
  readonly assigned: JsonObject
}

/** A query language: the whole difference between JSONata and JSONPath machines. Every function rejects with QueryFault. */
export interface QueryLanguage {
  /** InputPath and Parameters, or Arguments. Without any of them both are the input. */
  begin(flow: Flow, sight: ExpressionScope): Promise<StateEntry>
  /** The value of one field, named as a message would (`MaxConcurrency`, `SecondsPath`). Literals are checked too. */
  read(source: Source, field: string, want: Want, sight: ExpressionScope, effective: Json): Promise<Json>
  /** Whether a rule of a Choice holds. `index` is its position, for messages. */
  holds(when: ChoiceRule['when'], index: number, sight: ExpressionScope, effective: Json): Promise<boolean>
  /**
   * ResultSelector, ResultPath, OutputPath and Assign, or Output and Assign. `result` is what flows on by default: what
   * the work gave, or the arguments of a state without work, or in a catcher the error output. `within` is where the flow
   * stands in its state, for locations: `Choices[2]/`, `Catch[0]/`.
   */
  finish(flow: Flow, sight: ExpressionScope, result: Json, within?: string): Promise<StateOutput>
}
