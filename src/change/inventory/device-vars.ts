import type { Place } from '../../model/error.ts'
import type { LazyValue } from '../../model/once.ts'
import { type RosterHost, type Variable, variableNames, variableOf } from '../roster/hosts/roster.ts'

export interface VariableWriting {
  readonly of: string
  readonly at: Place
}

export interface Origin extends VariableWriting {
  readonly overrode: readonly VariableWriting[]
}

export interface DeviceVars {
  names(): readonly string[]
  /** Throws `ValueFault`, now or when a part is read, for what cannot be rendered. */
  get(name: string): LazyValue | undefined
  origin(name: string): Origin | undefined
}

export type ReadVariable = (variable: Variable, name: string, host: RosterHost) => LazyValue

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

  names() {
    return variableNames(this.#host)
  }

  get(name: string) {
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
