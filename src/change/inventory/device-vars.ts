import type { LazyValue } from '../../model/lazy-value.ts'
import type { Place } from '../../model/problem.ts'
import { type RosterHost, type Variable, variableNames, variableOf } from '../roster/hosts/roster.ts'

/** Where a variable of a switch is written. */
export interface VariableWriting {
  /** Whose it is there, in words: `group DC1`, `host leaf1`. */
  readonly of: string
  readonly at: Place
}

/** Where the value of a variable comes from, and what it hides. */
export interface Origin extends VariableWriting {
  /** The strongest first. */
  readonly overrode: readonly VariableWriting[]
}

/** The variables of a switch. None is read before it is asked for. */
export interface DeviceVars {
  /** In the order of their layers, the weakest first. */
  names(): readonly string[]
  /** Undefined where there is none of this name. Throws `ValueFault`, now or when a part is read, for what cannot be rendered. */
  get(name: string): LazyValue | undefined
  /** Undefined where there is none of this name. */
  origin(name: string): Origin | undefined
}

/** Gives the value of a variable of a host. */
export type ReadVariable = (variable: Variable, name: string, host: RosterHost) => LazyValue

/** The variables of a host, each of its strongest layer. */
export function varsOf(host: RosterHost, read: ReadVariable): DeviceVars {
  return new HostVars(host, read)
}

class HostVars implements DeviceVars {
  readonly #host: RosterHost
  readonly #read: ReadVariable

  constructor(host: RosterHost, read: ReadVariable) {
    this.#host = host
    this.#read = read
  }

  names(): readonly string[] {
    return variableNames(this.#host)
  }

  get(name: string): LazyValue | undefined {
    const variable = variableOf(this.#host, name)
    return variable === undefined ? undefined : this.#read(variable, name, this.#host)
  }

  origin(name: string): Origin | undefined {
    const [first, ...overrode] = this.#host.layers
      .flatMap(({ of, vars }) => {
        const variable = vars.get(name)
        return variable === undefined ? [] : [{ of, at: variable.at }]
      })
      .toReversed()
    return first === undefined ? undefined : { ...first, overrode }
  }
}
