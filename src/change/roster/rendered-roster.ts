import type { Place, Problem } from '../../model/error.ts'
import { keepKeys, keysOf, nameOfKey, WholeFloat, writtenKeys } from '../../model/json.ts'
import { keptIn, type LazyValue, ValueFault } from '../../model/once.ts'
import { floatText } from '../../text/jinja/call/print.ts'
import {
  compareText,
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  type RosterMap,
  type RosterValue,
  UnsafeText,
  type Variable,
  VaultText,
} from './hosts/roster.ts'
import { type HostValues, hostValues, type ReadingOptions } from './value/host-values.ts'

// What a secret is printed as.
const SECRET = '<secret>'

export interface RenderedVariables {
  /** The value of a variable of a host; what cannot be read in it is `{"__eosflow_refused": why}`. */
  readonly shownAs: (host: RosterHost, name: string) => RosterValue
  /** What could not be read so far: each once, however many hosts have it. */
  readonly problems: () => readonly Problem[]
}

export function renderedVariables(options: ReadingOptions): RenderedVariables {
  const problems = new Map<string, Problem>()
  let last: { readonly host: RosterHost; readonly values: HostValues } | undefined
  const shown = (read: () => LazyValue | undefined): RosterValue => {
    try {
      const value = read()
      return value === undefined ? null : plain(value)
    } catch (thrown) {
      if (!(thrown instanceof ValueFault)) throw thrown
      const { at, message } = thrown.problem
      problems.set(`${at.file}:${at.line}:${at.column} ${message}`, thrown.problem)
      return { __eosflow_refused: thrown.problem.message }
    }
  }
  const plain = (value: LazyValue): RosterValue => {
    if (value.kind === 'list') return Array.from({ length: value.length }, (_, index) => shown(() => value.item(index)))
    if (value.kind === 'scalar') {
      if (value.isSecret) return SECRET
      return value.isFloat === true && typeof value.value === 'number' ? new WholeFloat(value.value) : value.value
    }
    const keys = value.keys()
    const map = Object.fromEntries(keys.map((key) => [key, shown(() => value.member(key))]))
    keepKeys(
      map,
      keys.map((key) => value.writtenKey?.(key) ?? key),
    )
    return map
  }
  return {
    problems: () => [...problems.values()],
    shownAs: (host, name) => {
      if (last?.host !== host) last = { host, values: hostValues(host, options) }
      const { values } = last
      return shown(() => values.get(name))
    },
  }
}

/** A variable as it is written, for print: what was encrypted with its whole file is `<secret>`. */
export function writtenVariable(_host: RosterHost, _name: string, { value, isSecret }: Variable): RosterValue {
  return isSecret === true ? hidden(value) : value
}

function hidden(value: RosterValue): RosterValue {
  if (Array.isArray(value)) return value.map(hidden)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return SECRET
  return Object.fromEntries(Object.entries(value as RosterMap).map(([key, member]) => [key, hidden(member)]))
}

const STEP = '    '

const OTHERS = Symbol('not as Python writes it')

// A value as Python's `json.dumps(sort_keys=True, indent=4, ensure_ascii=False)` writes it, within lines that have `indent`, of whole steps.
function listJson(value: RosterValue, indent: string): string {
  if (typeof value !== 'object' || value === null) return json(value, indent)
  const alike = sortedCopy(value)
  return alike === OTHERS ? json(value, indent) : indented(alike, indent.length / STEP.length)
}

function indented(value: unknown, steps: number) {
  let [within, before, behind] = [value, 0, 0]
  for (let step = 0; step < steps; step += 1) {
    within = [within]
    before += '[\n'.length + (step + 1) * STEP.length
    behind += '\n]'.length + step * STEP.length
  }
  return JSON.stringify(within, undefined, STEP).slice(before, -behind || undefined)
}

function sortedCopy(value: RosterValue): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isInteger(value) ? value : OTHERS
  if (typeof value === 'bigint') return OTHERS
  return Array.isArray(value) ? sortedItems(value) : sortedMap(value)
}

function sortedItems(items: readonly RosterValue[]): unknown {
  const copy: unknown[] = []
  for (const item of items) {
    const sorted = sortedCopy(item)
    if (sorted === OTHERS) return OTHERS
    copy.push(sorted)
  }
  return copy
}

function sortedMap(map: object): unknown {
  if (Object.getPrototypeOf(map) !== Object.prototype) return OTHERS
  const names = namesInOrder(writtenKeys(map))
  if (names === undefined) return OTHERS
  const copy: Record<string, unknown> = {}
  for (const name of names) {
    const sorted = sortedCopy((map as RosterMap)[name] ?? null)
    if (sorted === OTHERS) return OTHERS
    copy[name] = sorted
  }
  return copy
}

interface Order {
  readonly keys: readonly unknown[]
  readonly sorted: readonly string[] | undefined
}

// By the first key: mappings in a list are mostly alike.
const orders = new Map<unknown, Order>()
const MOST_ORDERS = 1_000

function namesInOrder(keys: readonly unknown[]) {
  const known = orders.get(keys[0])
  if (known?.keys.length === keys.length && keys.every((key, index) => key === known.keys[index])) return known.sorted
  const areKept = keys.every((key) => typeof key === 'string' && key !== '__proto__' && !/^[0-9]/.test(key))
  const sorted = areKept ? [...(keys as readonly string[])].sort(compareText) : undefined
  if (orders.size === MOST_ORDERS) orders.clear()
  orders.set(keys[0], { keys, sorted })
  return sorted
}

function json(value: RosterValue, indent: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return numberText(value)
    case 'object':
      return value === null ? 'null' : objectText(value, indent)
    default:
      return String(value)
  }
}

function numberText(value: number) {
  if (Number.isInteger(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
}

function objectText(value: Exclude<RosterValue, null | boolean | number | bigint | string>, indent: string): string {
  if (Array.isArray(value)) return listText(value, indent)
  if (value instanceof WholeFloat) return floatText(value.value)
  if (value instanceof VaultText) return mapText({ __ansible_vault: value.envelope }, indent)
  if (value instanceof UnsafeText) return mapText({ __ansible_unsafe: value.text }, indent)
  return mapText(value as RosterMap, indent)
}

function listText(items: readonly RosterValue[], indent: string): string {
  const inner = indent + STEP
  return items.length === 0 ? '[]' : `[\n${items.map((item) => inner + json(item, inner)).join(',\n')}\n${indent}]`
}

function mapText(map: RosterMap, indent: string): string {
  const inner = indent + STEP
  const names = sortedNames(map)
  if (names.length === 0) return '{}'
  const members = names.map((name) => `${inner}${JSON.stringify(name)}: ${json(map[name] ?? null, inner)}`)
  return `{\n${members.join(',\n')}\n${indent}}`
}

function sortedNames(map: object) {
  const keys = writtenKeys(map)
  if (keys.every((key) => typeof key === 'string')) return [...(keys as readonly string[])].sort(compareText)
  if (keys.every((key) => typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean'))
    return [...keys].sort((a, b) => Number(a) - Number(b)).map(String)
  return keys.map(String)
}

// What Ansible keeps to itself (ansible/cli/inventory.py).
const INTERNAL: ReadonlySet<string> = new Set([
  'ansible_diff_mode',
  'ansible_config_file',
  'ansible_facts',
  'ansible_forks',
  'ansible_inventory_sources',
  'ansible_limit',
  'ansible_playbook_python',
  'ansible_run_tags',
  'ansible_skip_tags',
  'ansible_verbosity',
  'ansible_version',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'groups',
  'group_names',
  'omit',
  'playbook_dir',
])

const META = '_meta'
// Of the variables of a host: within `_meta`, `hostvars` and the host.
const VARIABLE = STEP.repeat(4)

export interface ListFormOptions {
  /** The hosts to print; absent for all. */
  readonly hosts?: ReadonlySet<string>
  /** What a variable of a host is printed as; absent for what is written. */
  readonly shownAs?: (host: RosterHost, name: string, variable: Variable) => RosterValue
  /** Whether a variable of a group is printed alike for all its hosts; with `shownAs`, false where this is not said. */
  readonly isShared?: boolean
}

/** A roster as `ansible-inventory --list` prints it, piece by piece: JSON with four blanks per step and sorted keys. A group without hosts and groups is left out, and so is a host without variables from `_meta.hostvars`. */
export function* listForm(roster: Roster, options: ListFormOptions = {}): Generator<string> {
  const isShown = (name: string) => options.hosts?.has(name) ?? true
  const groups = shownGroups(roster, isShown)
  let between = '{\n'
  for (const name of [...groups.keys(), META].sort(compareText)) {
    yield `${between}${STEP}${JSON.stringify(name)}: `
    if (name !== META) yield listJson(groups.get(name) ?? {}, STEP)
    else {
      yield `{\n${STEP}${STEP}"hostvars": {`
      yield* hostVars(roster, options, isShown)
      yield `}\n${STEP}}`
    }
    between = ',\n'
  }
  yield '\n}\n'
}

function* hostVars(roster: Roster, options: ListFormOptions, isShown: (name: string) => boolean): Generator<string> {
  const writer = new VariableWriter(roster, options)
  let between = '\n'
  for (const name of [...roster.hosts.keys()].filter(isShown).sort(compareText)) {
    const host = roster.hosts.get(name)
    const vars = host === undefined ? '' : writer.variables(host)
    if (vars === '') continue
    yield `${between}${STEP.repeat(3)}${JSON.stringify(name)}: {\n${vars}\n${STEP.repeat(3)}}`
    between = ',\n'
  }
  if (between !== '\n') yield `\n${STEP}${STEP}`
}

class VariableWriter {
  private readonly options: ListFormOptions
  private readonly shared: ReadonlySet<Layer>
  private readonly written = new Map<Variable, string>()

  constructor(roster: Roster, options: ListFormOptions) {
    this.options = options
    this.shared = new Set([...roster.groups.values()].flatMap(({ layers }) => layers))
  }

  variables(host: RosterHost): string {
    const found = new Map<string, string>()
    for (let index = host.layers.length - 1; index >= 0; index -= 1) {
      const layer = host.layers[index]
      if (layer === undefined) continue
      const isShared = (this.options.isShared ?? this.options.shownAs === undefined) && this.shared.has(layer)
      for (const [name, variable] of layer.vars) {
        if (found.has(name) || INTERNAL.has(name)) continue
        found.set(name, isShared ? this.once(host, name, variable) : this.line(host, name, variable))
      }
    }
    return [...found.keys()]
      .sort(compareText)
      .map((name) => found.get(name) ?? '')
      .join(',\n')
  }

  private once(host: RosterHost, name: string, variable: Variable): string {
    return keptIn(this.written, variable, () => this.line(host, name, variable))
  }

  private line(host: RosterHost, name: string, variable: Variable): string {
    const { shownAs } = this.options
    const value = shownAs === undefined ? variable.value : shownAs(host, name, variable)
    return `${VARIABLE}${JSON.stringify(name)}: ${listJson(value, VARIABLE)}`
  }
}

function shownGroups(roster: Roster, isShown: (name: string) => boolean): ReadonlyMap<string, RosterValue> {
  const groups = roster.groups.has('all') ? roster.groups : withAll(roster)
  const reached = new Set(['all'])
  for (const name of reached) for (const child of groups.get(name)?.children ?? []) reached.add(child)
  const shown = new Map<string, RosterValue>()
  for (const name of reached) {
    const { children = [], hosts = [] } = groups.get(name) ?? {}
    const own = name === 'all' ? [] : hosts.filter(isShown)
    const parts = Object.entries({ children, hosts: own }).filter(([, names]) => names.length > 0)
    if (parts.length > 0) shown.set(name, Object.fromEntries(parts))
  }
  return shown
}

function withAll({ hosts, groups }: Roster): ReadonlyMap<string, Pick<RosterGroup, 'children' | 'hosts'>> {
  const inner = new Set([...groups.values()].flatMap(({ children }) => children))
  const grouped = new Set([...groups.values()].flatMap((group) => group.hosts))
  const others = [...hosts.keys()].filter((name) => !grouped.has(name))
  return new Map<string, Pick<RosterGroup, 'children' | 'hosts'>>([
    ['all', { children: ['ungrouped', ...[...groups.keys()].filter((name) => !inner.has(name))], hosts: [] }],
    ['ungrouped', { children: [], hosts: others }],
    ...groups,
  ])
}

/** Reading a value that is encrypted throws {@link ValueFault}. */
export function plainValue({ value, at, placeOf = () => at, isSecret }: Variable): LazyValue {
  return valueAt(value, [], placeOf, isSecret === true)
}

type Path = readonly (string | number)[]

function valueAt(value: RosterValue, path: Path, placeOf: (path: Path) => Place, isSecret: boolean): LazyValue {
  const at = placeOf(path)
  if (value instanceof VaultText)
    throw new ValueFault({ code: 'inventory-vault', message: 'a vault is not opened here', at })
  if (value instanceof UnsafeText) return { kind: 'scalar', value: value.text, isSecret, at }
  if (value instanceof WholeFloat) return { kind: 'scalar', value: value.value, isSecret, isFloat: true, at }
  if (value === null || typeof value !== 'object') return { kind: 'scalar', value, isSecret, at }
  const below = (member: RosterValue, step: string | number): LazyValue =>
    valueAt(member, [...path, step], placeOf, isSecret)
  if (Array.isArray(value)) {
    const items = value as readonly RosterValue[]
    return {
      kind: 'list',
      at,
      length: items.length,
      item: (index) => {
        const item = items[index]
        return item === undefined ? undefined : below(item, index)
      },
    }
  }
  const map = value as RosterMap
  return {
    kind: 'map',
    at,
    keys: () => keysOf(map),
    writtenKey: (name) => writtenKeys(map).find((key) => nameOfKey(key) === name) ?? name,
    member: (key) => {
      const member = Object.hasOwn(map, key) ? map[key] : undefined
      return member === undefined ? undefined : below(member, key)
    },
  }
}
