import { judgeLine } from '../../eos/config/guard/judge-line.ts'
import { hidesKind, kindOf } from '../../eos/config/kinds/kind-of.ts'
import { typedLines } from '../../eos/config/rules/typed-lines.ts'
import { heredocBodies, isTerminator, parseVerb, scanOutline } from '../../eos/config/text/tree.ts'
import { QUIET_KINDS } from '../../model/change-kind.ts'
import { definedMembers, gathered, type JsonObject } from '../../model/json.ts'
import { keptIn, once } from '../../model/once.ts'
import { parseVlans } from '../../model/vlan-list.ts'
import type { ReadChange, ReadLine, SwitchChange } from '../policy/policy.ts'
import type { DiffLine, PlanContent, PlannedDevice } from './plan.ts'

type ReadContent = Pick<PlanContent, 'devices' | 'offline' | 'warnings' | 'workflow' | 'sites' | 'allow'>

const known = new WeakMap<ReadContent, ReadChange>()

/** Of a `replace` the typed text is the whole configuration, so that only the diff says what changes. */
export function changeRead(content: ReadContent): ReadChange {
  return keptIn(known, content, () => ({
    switches: new Map(content.devices.map((device) => [device.name, switchChange(device)])),
    params: content.workflow.params,
    ...closedBy(content),
  }))
}

const OF_SITES = 'the plan is of several sites'

export function siteChangeRead(content: ReadContent): ReadChange {
  return { ...changeRead(content), closed: OF_SITES }
}

function closedBy({ devices, offline, warnings, sites, allow }: ReadContent): Pick<ReadChange, 'closed'> {
  const warned = warnings.find(({ code }) => code !== 'no-approval')
  const unknown = devices.flatMap(({ name, unknownLines }) => unknownLines.map((line) => `${name}: ${line}`))
  if (sites !== undefined) return { closed: OF_SITES }
  if (offline || devices.some((device) => device.offline === true)) return { closed: 'the plan was computed offline' }
  if (allow.includes('users')) return { closed: 'the workflow may change users, passwords and keys' }
  if (unknown[0] !== undefined) return { closed: `the plan has a line that no rule knows: ${unknown[0]}` }
  if (warned === undefined) return {}
  return {
    closed: `the plan has a warning: ${warned.device === undefined ? '' : `${warned.device}: `}${warned.message}`,
  }
}

export function changeOfDiff(diff: string, switches: readonly string[], params: JsonObject): ReadChange {
  const lines = diff
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): DiffLine => {
      const [, sign = '+', text = line] = /^([+ -])(?: (.*))?$/.exec(line) ?? []
      return { sign: sign as DiffLine['sign'], text }
    })
  const one = { lines: distinct(diffChange(lines)), size: lines.filter(({ sign }) => sign !== ' ').length }
  return { switches: new Map(switches.map((name) => [name, one])), params }
}

function switchChange(device: PlannedDevice): SwitchChange {
  const { lines, size } = linesRead(device)
  return { lines: distinct(lines), size }
}

export function linesRead({
  lines,
  diff,
  mode,
  bootLines = [],
}: Pick<PlannedDevice, 'lines' | 'diff' | 'mode' | 'bootLines'>): SwitchChange {
  const typed = mode === 'replace' ? [] : typedChange(lines)
  const shown = diffChange(diff)
  const boot = bootLines.map((line) => readLine([], line, false))
  return {
    lines: [...typed, ...shown, ...boot],
    size: Math.max(typed.length, diff.filter(({ sign }) => sign !== ' ').length) + boot.length,
  }
}

function typedChange(lines: readonly string[]): readonly ReadLine[] {
  const typed = typedLines(scanOutline(lines.join('\n')), 'merge')
  const opening = new Set(typed.flatMap(({ above }) => above.map((_, depth) => placeOf(above.slice(0, depth + 1)))))
  return typed
    .filter(
      ({ above, line }) =>
        line !== 'exit' && line !== 'end' && !line.startsWith('!') && !opening.has(placeOf([...above, line])),
    )
    .map(({ above, line }) => readLine(above, line, parseVerb(line).verb !== ''))
}

const placeOf = (path: readonly string[]) => path.join('\n')

export function diffChange(diff: readonly DiffLine[]): readonly ReadLine[] {
  const places = placesIn(diff)
  const texts = textsIn(places)
  const [growing, limiting] = [growthIn(places), limitsIn(places)]
  return places.flatMap(({ sign, above, line }, row) => {
    if (sign === ' ') return []
    const text = texts[row]
    const isGone = sign === '-' ? !growing.has(row) : parseVerb(line).verb !== '' || limiting.has(row)
    return [
      ...(text === undefined ? [] : [readLine(text.above, text.line, sign === '-')]),
      ...(text !== undefined && isTerminator(line) ? [] : [readLine(above, line, isGone)]),
    ]
  })
}

/** The kinds of the lines that come and go in a diff; undefined among them: a line of no known kind. */
export function kindsInDiff(diff: readonly DiffLine[]): ReadonlySet<string | undefined> {
  const places = placesIn(diff)
  const texts = textsIn(places)
  return new Set(
    places.flatMap(({ sign, above, line }, row) => {
      if (sign === ' ') return []
      const text = texts[row]
      const own = line.includes('<redacted') && hidesKind(above, line) ? undefined : kindOf(above, line)
      if (text === undefined) return [own]
      return [kindOf(text.above, text.line), ...(own === undefined ? [] : [own])]
    }),
  )
}

// EOS indents by three blanks a level, and so does a plan.
const INDENT = 3

interface Place {
  readonly sign: DiffLine['sign']
  // The sign of the command that it is directly under; absent at the root.
  readonly isIn?: DiffLine['sign'] | undefined
  readonly above: readonly string[]
  readonly line: string
}

function placesIn(diff: readonly DiffLine[]): readonly Place[] {
  const path: Pick<Place, 'sign' | 'line'>[] = []
  return diff.map(({ sign, text }) => {
    const depth = (text.length - text.trimStart().length) / INDENT
    path.length = Math.min(Number.isInteger(depth) ? depth : path.length, path.length)
    const place = { sign, isIn: path.at(-1)?.sign, above: path.map(({ line }) => line), line: text.trim() }
    path.push(place)
    return place
  })
}

function textsIn(places: readonly Place[]) {
  let open: { readonly by: Place; readonly bodies: number } | undefined
  return places.map((place) => {
    const { sign, line, above } = place
    if (sign === ' ') open = undefined
    const within = open?.by
    if (open !== undefined && isTerminator(line))
      open = open.bodies > 1 ? { ...open, bodies: open.bodies - 1 } : undefined
    const bodies = heredocBodies(line, above.at(-1))
    if (open === undefined && bodies > 0) open = { by: place, bodies }
    return within
  })
}

function growthIn(places: readonly Place[]): ReadonlySet<number> {
  const added = gathered(
    places.flatMap((place) => {
      const grows = place.sign === '+' ? growingOf(place) : undefined
      return grows === undefined ? [] : [[grows.beside, grows] as const]
    }),
  )
  return new Set(
    places.flatMap((place, row) => {
      const was = place.sign === '-' ? growingOf(place) : undefined
      if (was === undefined) return []
      return added.get(was.beside)?.some((is) => saysMore(was, is)) === true ? [row] : []
    }),
  )
}

interface Growing {
  readonly beside: string
  readonly vlans?: () => ReadonlySet<number> | undefined
}

const VLANS = /^(.*\bvlan )([\d,-]+)$/

function growingOf({ above, line }: Place): Growing | undefined {
  const [text] = /^(?:description|name) /.exec(line) ?? []
  // The name of a region of MST decides who is in it.
  if (text === 'name ' && !above.some((command) => command.startsWith('vlan '))) return undefined
  if (text !== undefined) return { beside: placeOf([...above, text]) }
  const [, before, list = ''] = VLANS.exec(line) ?? []
  if (before === undefined) return undefined
  const vlans = once(() => {
    const listed = parseVlans(list)
    return listed && new Set(listed)
  })
  return { beside: placeOf([...above, before]), vlans }
}

function saysMore(was: Growing, is: Growing) {
  if (was.vlans === undefined) return true
  const [less, more] = [was.vlans(), is.vlans?.()]
  return less !== undefined && more !== undefined && isSubset(less, more)
}

function isSubset(less: ReadonlySet<number>, more: ReadonlySet<number>) {
  if (less.size > more.size) return false
  for (const vlan of less) if (!more.has(vlan)) return false
  return true
}

const TRUNK_LIST = /^switchport trunk allowed vlan /

// The added lists of trunks that were there and had none: without one a trunk carries every VLAN, so that the list takes VLANs off it.
function limitsIn(places: readonly Place[]): ReadonlySet<number> {
  const had = new Set(
    places.flatMap(({ sign, above, line }) => (sign === '-' && TRUNK_LIST.test(line) ? [placeOf(above)] : [])),
  )
  return new Set(
    places.flatMap(({ sign, above, line, isIn }, row) =>
      sign === '+' && isIn === ' ' && TRUNK_LIST.test(line) && !had.has(placeOf(above)) ? [row] : [],
    ),
  )
}

function readLine(above: readonly string[], line: string, removes: boolean): ReadLine {
  const text = [...above, line].join(' / ')
  if (text.includes('<redacted') && hidesKind(above, line)) return { text, isKnown: false, removes, isHidden: true }
  const kind = kindOf(above, line)
  const isKnown = kind !== undefined && judgeLine(above, line).kind === 'known'
  return { text, isKnown, removes, ...definedMembers({ kind }) }
}

function distinct(lines: readonly ReadLine[]) {
  const first = new Map<string, ReadLine>()
  for (const line of lines) {
    const key = `${line.kind} ${line.isKnown} ${line.removes} ${line.isHidden}`
    if (!first.has(key)) first.set(key, line)
  }
  return [...first.values()]
}

type QuietDevice = Pick<PlannedDevice, 'mode' | 'lines' | 'diff' | 'bootLines' | 'unknownLines' | 'said'>

/** Says whether a change is of quiet kinds only (docs/reference/change-kinds.md#kinds-that-touch-no-traffic), on every switch that it changes. */
export function isQuietChange(devices: readonly QuietDevice[]): boolean {
  const changed = devices.filter(isChanged)
  return changed.length > 0 && changed.every(isQuiet)
}

const isChanged = ({ diff, bootLines }: Pick<PlannedDevice, 'diff' | 'bootLines'>) =>
  diff.length > 0 || bootLines !== undefined

/** The names of the switches that a plan changes. */
export function changedIn({ devices }: Pick<PlanContent, 'devices'>): readonly string[] {
  return devices.filter(isChanged).map(({ name }) => name)
}

function isQuiet(device: QuietDevice) {
  const { mode, unknownLines, bootLines, said = [] } = device
  // The diff of a replacement leaves out what is only in another order.
  if (mode !== 'merge' || unknownLines.length > 0 || bootLines !== undefined) return false
  if (said.some(({ risks }) => risks !== undefined)) return false
  return linesRead(device).lines.every(
    ({ kind, isKnown, isHidden }) => isKnown && isHidden !== true && kind !== undefined && QUIET_KINDS.includes(kind),
  )
}
