import { isJsonObject, type Json, type JsonObject } from '../../../../model/json.ts'
import type { Random } from '../../../../model/random.ts'

/** A call whose arguments will not do: States.IntrinsicFailure. */
export class IntrinsicError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'IntrinsicError'
  }
}

/** One evaluated argument. `raw` is a quoted text with its escapes. */
export interface ArgumentValue {
  readonly value: Json
  readonly raw?: string
}

/** An intrinsic function: how many arguments it takes, and what it makes of them. It throws IntrinsicError. */
export interface IntrinsicFunction {
  readonly least: number
  readonly most: number
  apply(given: Arguments, random: Random): Json
}

/** The arguments of one call, read by position and type. */
export class Arguments {
  readonly #name: string
  readonly #given: readonly ArgumentValue[]

  constructor(name: string, given: readonly ArgumentValue[]) {
    this.#name = name
    this.#given = given
  }

  get count(): number {
    return this.#given.length
  }

  /** Whatever stands there. */
  any(position: number): Json {
    return this.#given[position]?.value ?? null
  }

  /** All of them from a position on. */
  from(position: number): readonly Json[] {
    return this.#given.slice(position).map(({ value }) => value)
  }

  text(position: number): string {
    const value = this.any(position)
    return typeof value === 'string' ? value : this.#refuse(position, 'a string')
  }

  /** A text whose escapes have not been read yet. */
  template(position: number): string {
    return this.#given[position]?.raw ?? this.text(position)
  }

  array(position: number): readonly Json[] {
    const value = this.any(position)
    return Array.isArray(value) ? value : this.#refuse(position, 'an array')
  }

  object(position: number): JsonObject {
    const value = this.any(position)
    return isJsonObject(value) ? value : this.#refuse(position, 'an object')
  }

  /** A number, rounded half up as AWS rounds the arguments of its arithmetic (recorded: 1.5 is 2, -1.5 is -1). */
  integer(position: number): number {
    const value = this.any(position)
    const rounded = typeof value === 'number' ? Math.round(value) + 0 : Number.NaN
    return Number.isSafeInteger(rounded) ? rounded : this.#refuse(position, 'an integer')
  }

  #refuse(position: number, wanted: string): never {
    throw new IntrinsicError(`Invalid arguments in States.${this.#name}: argument ${position + 1} must be ${wanted}`)
  }
}
