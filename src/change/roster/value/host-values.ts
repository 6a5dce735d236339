import type { Place } from '../../../model/error.ts'
import { keepKeys, keysOf, nameOfKey, WholeFloat, writtenKeys } from '../../../model/json.ts'
import { keptIn, type LazyScalar, type LazyValue, ValueFault } from '../../../model/once.ts'
import { readAsJinja } from '../../../text/jinja/object/arithmetic.ts'
import { isTemplate } from '../../../text/jinja/syntax/lexer.ts'
import { type CallArguments, Callable, refused, type Value } from '../../../text/jinja/value/value.ts'
import { isAddress } from '../ansible/pattern.ts'
import {
  compareText,
  membersOf,
  type Roster,
  type RosterHost,
  type RosterMap,
  type RosterValue,
  UnsafeText,
  type Variable,
  VaultText,
  variableNames,
  variableOf,
} from '../hosts/roster.ts'
import { decryptVault, VaultFault, VaultKeys, type VaultPassword } from '../vault/decrypt-vault.ts'
import { renderedText } from './rendered-text.ts'
import { cycleFault, depthFault, sizeFault, vaultFault } from './value-problem.ts'

function hostName(name: string, host: RosterHost, roster: Roster | undefined): RosterValue | undefined {
  switch (name) {
    case 'inventory_hostname':
      return host.name
    case 'inventory_hostname_short':
      return isAddress(host.name) ? host.name : (host.name.split('.')[0] ?? host.name)
    case 'group_names':
      return host.groups.filter((group) => group !== 'all').toSorted(compareText)
    case 'inventory_file':
      return host.at.file
    case 'inventory_dir':
      return host.at.file.includes('/') ? host.at.file.slice(0, host.at.file.lastIndexOf('/')) : '.'
    case 'playbook_dir':
      return '.'
    case 'groups':
      return roster === undefined ? undefined : groupsOf(roster)
    default:
      return undefined
  }
}

const known = new WeakMap<Roster, RosterMap>()

function groupsOf(roster: Roster) {
  return keptIn(known, roster, () => {
    const names = [...roster.groups.keys()]
    const groups = Object.fromEntries(names.map((name) => [name, [...membersOf(roster, name)]]))
    keepKeys(groups, names)
    return groups
  })
}

// Throws TemplateFault for a name that is refused at once.
function refusedName(name: string): Value | undefined {
  if (name === 'lookup' || name === 'query' || name === 'q')
    return new Callable(name, (given) => {
      throw lookupFault(name, given)
    })
  if (name === 'hostvars' || name === 'vars')
    throw refused(
      `\`${name}\` is not read: a value sees the variables of one host alone`,
      name === 'vars' ? 'name the variable itself' : 'write the value here, or in a group of both hosts',
    )
  return undefined
}

function lookupFault(name: string, { positional: [plugin, key] }: CallArguments) {
  const shown = typeof plugin === 'string' ? `'${plugin.slice(0, 60)}'` : ''
  const isEnv = plugin === 'env' || plugin === 'ansible.builtin.env'
  const variable = typeof key === 'string' && /^\w{1,60}$/.test(key) ? key : 'NAME'
  return refused(
    `${name}(${shown}) is not run`,
    isEnv
      ? `write \`\${env:${variable}}\` in the credentials of inventory.yaml, or the value`
      : 'give the value, or an exec source',
  )
}

type Path = readonly (string | number)[]

interface Spot {
  readonly name: string
  readonly path: Path
  readonly place: (path: Path) => Place
  readonly isSecret: boolean
}

function spotOf(name: string, { at, placeOf = () => at, isSecret }: Variable): Spot {
  return { name, path: [], place: placeOf, isSecret: isSecret === true }
}

function partOf(spot: Spot, step: string | number): Spot {
  return { ...spot, path: [...spot.path, step] }
}

const DEPTH = 20

interface ReadValue {
  readonly isSecret: boolean
  readonly steps: number
}

interface OpenTemplate {
  readonly id: string
  readonly name: string
  readonly at: Place
  isSecret: boolean
  steps: number
}

class OpenTemplates {
  readonly #open: OpenTemplate[] = []
  #isCut = false

  during<Made>(spot: Spot, at: Place, render: (reading: ReadValue) => Made): Made {
    const id = JSON.stringify([spot.name, ...spot.path])
    const before = this.#open.findIndex((open) => open.id === id)
    this.#isCut = before >= 0
    if (before >= 0) throw cycleFault([...this.#names().slice(before), nameOf(spot)], at)
    this.#refuseDeep(1, [nameOf(spot)], at)
    const template = { id, name: nameOf(spot), at, isSecret: spot.isSecret, steps: 1 }
    this.#open.push(template)
    try {
      return render(template)
    } finally {
      this.#open.pop()
    }
  }

  // A value that was made before is as deep as when it was made: throws ValueFault where that is too deep from here, so that it does not
  // matter what is read first.
  note(read: ReadValue | undefined, again: Spot | undefined): void {
    const reading = this.#open.at(-1)
    if (reading === undefined || read === undefined) return
    if (again !== undefined) this.#refuseDeep(read.steps, [nameOf(again), '…'], reading.at)
    reading.isSecret ||= read.isSecret
    reading.steps = Math.max(reading.steps, read.steps + 1)
  }

  #refuseDeep(steps: number, behind: readonly string[], at: Place): void {
    if (this.#open.length + steps <= DEPTH) return
    this.#isCut = true
    throw depthFault([...this.#names(), ...behind], DEPTH, at)
  }

  #names(): readonly string[] {
    return this.#open.map(({ name }) => name)
  }

  isCut(): boolean {
    return this.#isCut && this.#open.length > 0
  }
}

function nameOf({ name, path }: Spot) {
  return path.reduce<string>((text, step) => text + (typeof step === 'number' ? `[${step}]` : `.${step}`), name)
}

export interface ReadingOptions {
  readonly vault?: { readonly passwords: readonly VaultPassword[]; readonly keys: VaultKeys }
  /** Is given each secret text before anybody else sees it: out of a vault, and what templates make of it. */
  readonly onSecret?: (secret: string) => void
  /** The roster that the host is of; without it, `groups` is not defined for templates. */
  readonly roster?: Roster
}

export interface HostValues {
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

const MOST_TEXT = 64 * 1_048_576

class HostReader {
  readonly #host: RosterHost
  readonly #options: ReadingOptions
  readonly #variables = new Map<string, () => LazyValue>()
  readonly #read = new WeakMap<LazyValue, ReadValue>()
  // Texts that stay texts where a template consists of their name: what `to_json` made.
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

function isPlain(value: RosterValue | undefined) {
  return value === null || ['boolean', 'number', 'bigint'].includes(typeof value) || value instanceof WholeFloat
}

function orElse(value: Value | undefined, other: () => Value | undefined) {
  return value === undefined ? other() : value
}
