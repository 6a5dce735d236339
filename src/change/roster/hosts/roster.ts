import type { Place } from '../../../model/problem.ts'
import type { WholeFloat } from '../../../model/whole-float.ts'

/**
 * A value as its source writes it, before anything is rendered or decrypted. A bigint is a whole number that is larger than JavaScript
 * counts exactly.
 */
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

/** A mapping of a source. `keysOf` of model/map-keys.ts gives its keys in the order in which they are written. */
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

/** A variable of a layer, and where it is written. */
export interface Variable {
  readonly value: RosterValue
  /** Of the value. `file` is a path as messages show it, or the name of a source that has no files: `netbox https://netbox.example`. */
  readonly at: Place
  /** Where a part of the value is written, by its keys and indices; `at` where a source does not know. */
  readonly placeOf?: (path: readonly (string | number)[]) => Place
  /** Whether the source calls it a secret: a file that is encrypted as a whole. Inline values are a {@link VaultText}. */
  readonly isSecret?: true
}

/** Variables that are written together and belong to a host or a group. Shared by all hosts that have them. */
export interface Layer {
  /** Whose they are, in words: `group DC1`, `host leaf1`, `defaults`. */
  readonly of: string
  readonly vars: ReadonlyMap<string, Variable>
}

/** A group of a roster. */
export interface RosterGroup {
  readonly name: string
  /** Names of the groups directly in it, in the order of the source. */
  readonly children: readonly string[]
  /** Names of the hosts directly in it, in the order of the source. */
  readonly hosts: readonly string[]
  /** Its own variables, the strongest layer last. */
  readonly layers: readonly Layer[]
}

/** A host of a roster, which need not be a switch. */
export interface RosterHost {
  readonly name: string
  /** Where it is first named. */
  readonly at: Place
  /** All groups it is in, directly or not, `all` among them where the source has that; sorted by strength, the weakest first. */
  readonly groups: readonly string[]
  /** Its variables: a later layer hides what an earlier one says of the same name. */
  readonly layers: readonly Layer[]
}

/** What another tool says of hosts, whichever tool that is. */
export interface Roster {
  /** In the order of the source. */
  readonly hosts: ReadonlyMap<string, RosterHost>
  readonly groups: ReadonlyMap<string, RosterGroup>
}

/** The variable of a host that holds: of the strongest layer that has it. */
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
