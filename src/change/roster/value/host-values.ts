import { type LazyScalar, type LazyValue, ValueFault } from '../../../model/lazy-value.ts'
import { keysOf, nameOfKey, writtenKeys } from '../../../model/map-keys.ts'
import type { Place } from '../../../model/problem.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import { readAsJinja } from '../../../text/jinja/object/lazy.ts'
import { isTemplate } from '../../../text/jinja/syntax/lexer.ts'
import type { Value } from '../../../text/jinja/value/value.ts'
import {
  type Roster,
  type RosterHost,
  type RosterMap,
  type RosterValue,
  UnsafeText,
  VaultText,
  variableNames,
  variableOf,
} from '../hosts/roster.ts'
import { decryptVault, type VaultPassword } from '../vault/decrypt-vault.ts'
import { VaultFault } from '../vault/vault-fault.ts'
import { VaultKeys } from '../vault/vault-keys.ts'
import { hostName, refusedName } from './host-names.ts'
import { OpenTemplates, partOf, type ReadValue, type Spot, spotOf } from './open-templates.ts'
import { renderedText } from './rendered-text.ts'
import { sizeFault, vaultFault } from './value-problem.ts'

/** What the values of hosts are read with. */
export interface ReadingOptions {
  /** The passwords of ansible-vault, and the keys made of them so far: one object for all hosts of an inventory. */
  readonly vault?: { readonly passwords: readonly VaultPassword[]; readonly keys: VaultKeys }
  /** Is given each secret text before anybody else sees it: out of a vault, and what templates make of it. */
  readonly onSecret?: (secret: string) => void
  /** The roster that the host is of; without it, `groups` is not defined for templates. */
  readonly roster?: Roster
}

/** The variables of one host. */
export interface HostValues {
  /** Their names, in the order of its layers. */
  names(): readonly string[]
  /** The value of a variable, rendered and decrypted as far as it is read; undefined where there is none. Throws {@link ValueFault}. */
  get(name: string): LazyValue | undefined
}

/**
 * The variables of a host as Ansible's templates see them: texts are rendered strictly with the other variables of the host when they
 * are read, and vault values are decrypted. What was read once is kept.
 */
export function hostValues(host: RosterHost, options: ReadingOptions = {}): HostValues {
  const reader = new HostReader(host, options)
  return { names: () => variableNames(host), get: (name) => reader.variable(name) }
}

/** How much text the templates of one host may make. */
const MOST_TEXT = 64 * 1_048_576

class HostReader {
  readonly #host: RosterHost
  readonly #options: ReadingOptions
  readonly #variables = new Map<string, () => LazyValue>()
  readonly #read = new WeakMap<LazyValue, ReadValue>()
  /** Texts that stay texts where a template consists of their name: what `to_json` made. */
  readonly #texts = new WeakSet<LazyValue>()
  readonly #open = new OpenTemplates()
  #made = 0

  constructor(host: RosterHost, options: ReadingOptions) {
    this.#host = host
    this.#options = options
  }

  variable(name: string): LazyValue | undefined {
    const known = this.#variables.get(name)
    if (known !== undefined) return known()
    const variable = variableOf(this.#host, name)
    if (variable === undefined) return undefined
    const read = this.#once(variable.value, spotOf(name, variable))
    this.#variables.set(name, read)
    return read()
  }

  /** Reads a value the first time it is asked for, and then gives what it was. */
  #once(value: RosterValue, spot: Spot): () => LazyValue {
    let was: { readonly value: LazyValue } | { readonly fault: ValueFault } | undefined
    return () => {
      const now = was ?? this.#tried(value, spot)
      if ('value' in now) {
        const isAgain = was !== undefined
        was = now
        this.#open.note(this.#read.get(now.value), isAgain ? spot : undefined)
        return now.value
      }
      // What is too deep, or a circle, from here may be neither from elsewhere.
      if (!this.#open.isCut()) was = now
      throw now.fault
    }
  }

  #tried(value: RosterValue, spot: Spot): { readonly value: LazyValue } | { readonly fault: ValueFault } {
    try {
      return { value: this.#value(value, spot) }
    } catch (thrown) {
      if (thrown instanceof ValueFault) return { fault: thrown }
      throw thrown
    }
  }

  #value(value: RosterValue, spot: Spot): LazyValue {
    const at = spot.place(spot.path)
    if (value instanceof VaultText) return this.#scalar(this.#decrypted(value, at), { isSecret: true, at })
    if (value instanceof UnsafeText) return this.#scalar(value.text, { ...spot, at })
    if (value instanceof WholeFloat) return this.#scalar(value.value, { ...spot, at, isFloat: true })
    if (typeof value === 'string' && isTemplate(value)) return this.#rendered(value, spot, at)
    if (value === null || typeof value !== 'object') return this.#scalar(value, { ...spot, at })
    const read = Array.isArray(value) ? this.#list(value, spot, at) : this.#map(value as RosterMap, spot, at)
    if (spot.isSecret) this.#read.set(read, { isSecret: true, steps: 0 })
    return read
  }

  #scalar(value: LazyScalar['value'], { isSecret, at, isFloat }: Omit<LazyScalar, 'kind' | 'value'>): LazyScalar {
    const read: LazyScalar = { kind: 'scalar', value, isSecret, at, ...(isFloat === true ? { isFloat } : {}) }
    if (!isSecret) return read
    this.#read.set(read, { isSecret, steps: 0 })
    if (value !== null && typeof value !== 'boolean') this.#options.onSecret?.(String(value))
    return read
  }

  #list(list: readonly RosterValue[], spot: Spot, at: Place): LazyValue {
    const items = list.map((item, index) => this.#once(item, partOf(spot, index)))
    return { kind: 'list', at, length: list.length, item: (index) => items[index]?.() }
  }

  #map(map: RosterMap, spot: Spot, at: Place): LazyValue {
    const members = new Map(keysOf(map).map((key) => [key, this.#once(map[key] ?? null, partOf(spot, key))]))
    const written = new Map(writtenKeys(map).map((key) => [nameOfKey(key), key]))
    return {
      kind: 'map',
      at,
      keys: () => [...members.keys()],
      writtenKey: (name) => written.get(name) ?? name,
      member: (key) => members.get(key)?.(),
    }
  }

  #decrypted({ envelope }: VaultText, at: Place): string {
    const { vault } = this.#options
    try {
      return vault === undefined
        ? decryptVault(envelope, [], new VaultKeys())
        : decryptVault(envelope, vault.passwords, vault.keys)
    } catch (thrown) {
      throw thrown instanceof VaultFault ? vaultFault(thrown, at) : thrown
    }
  }

  #rendered(text: string, spot: Spot, at: Place): LazyValue {
    return this.#open.during(spot, at, (reading) => {
      const made = renderedText(text, {
        at,
        name: (name) =>
          orElse(
            readAsJinja(() => this.#named(name)),
            () => refusedName(name),
          ),
        plain: (name) => (isPlain(this.#written(name)) ? (this.#named(name) as LazyScalar | undefined) : undefined),
        staysText: (name) => this.#staysText(name),
        isSecret: () => reading.isSecret,
        onSecret: (secret) => this.#options.onSecret?.(secret),
      })
      this.#made += made.size
      if (this.#made > MOST_TEXT) throw sizeFault(MOST_TEXT, at)
      this.#read.set(made.value, reading)
      if (made.staysText) this.#texts.add(made.value)
      return made.value
    })
  }

  /** A name in a template: what Ansible gives besides is stronger than a variable. */
  #named(name: string): LazyValue | undefined {
    const given = hostName(name, this.#host, this.#options.roster)
    if (given === undefined) return this.variable(name)
    return this.#value(given, { name, path: [], place: () => this.#host.at, isSecret: false })
  }

  #staysText(name: string): boolean {
    try {
      const value = this.#named(name)
      return value !== undefined && this.#texts.has(value)
    } catch (thrown) {
      if (thrown instanceof ValueFault) return false
      throw thrown
    }
  }

  #written(name: string): RosterValue | undefined {
    const given = hostName(name, this.#host, this.#options.roster)
    return given === undefined ? variableOf(this.#host, name)?.value : given
  }
}

function isPlain(value: RosterValue | undefined): boolean {
  return value === null || ['boolean', 'number', 'bigint'].includes(typeof value) || value instanceof WholeFloat
}

/** The first value, or the other where there is none; None is one. */
function orElse(value: Value | undefined, other: () => Value | undefined): Value | undefined {
  return value === undefined ? other() : value
}
