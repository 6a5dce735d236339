import type { Place } from '../../../model/problem.ts'
import type { WholeFloat } from '../../../model/whole-float.ts'

export type RosterValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | WholeFloat
  | VaultText
  | UnsafeText
  | readonly RosterValue[]
  | RosterMap

export interface RosterMap {
  readonly [key: string]: RosterValue
}

/** A value that is encrypted by ansible-vault: its envelope, from `$ANSIBLE_VAULT` on. */
export class VaultText {
  readonly envelope: string

  constructor(envelope: string) {
    this.envelope = envelope
  }
}

/** A text that is no template, whatever it holds: `!unsafe` of Ansible. */
export class UnsafeText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export interface Variable {
  readonly value: RosterValue
  /** `file` is a path as messages show it, or the name of a source that has no files: `netbox https://netbox.example`. */
  readonly at: Place
  /** Where a part of the value is written, by its keys and indices; `at` where a source does not know. */
  readonly placeOf?: (path: readonly (string | number)[]) => Place
  /** Whether the source calls it a secret: a file that is encrypted as a whole. Inline values are a {@link VaultText}. */
  readonly isSecret?: true
}

export interface Layer {
  readonly of: string
  readonly vars: ReadonlyMap<string, Variable>
}

export interface RosterGroup {
  readonly name: string
  /** Names of the groups directly in it, in the order of the source. */
  readonly children: readonly string[]
  /** Names of the hosts directly in it, in the order of the source. */
  readonly hosts: readonly string[]
  readonly layers: readonly Layer[]
}

export interface RosterHost {
  readonly name: string
  readonly at: Place
  /** All groups it is in, directly or not, `all` among them where the source has that; sorted by strength, the weakest first. */
  readonly groups: readonly string[]
  readonly layers: readonly Layer[]
}

export interface Roster {
  readonly hosts: ReadonlyMap<string, RosterHost>
  readonly groups: ReadonlyMap<string, RosterGroup>
}

export function variableOf(host: RosterHost, name: string): Variable | undefined {
  for (let index = host.layers.length - 1; index >= 0; index -= 1) {
    const variable = host.layers[index]?.vars.get(name)
    if (variable !== undefined) return variable
  }
  return undefined
}

/** The names of all variables of a host, in the order of its layers. */
export function variableNames(host: RosterHost): readonly string[] {
  return [...new Set(host.layers.flatMap(({ vars }) => [...vars.keys()]))]
}
