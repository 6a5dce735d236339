import { isJsonObject, type Json, type JsonObject } from '../../../src/model/json.ts'
import type { GivenExport } from './beside-python.ts'
import { linkedAnew, placeOf, rowIn, rowText, written } from './linked-anew.ts'

/** An export that somebody has done something to. */
export interface AlteredExport extends GivenExport {
  /** What was done, without its place: the same in every export. */
  readonly kind: string
  /** At which line. */
  readonly at: string
}

/** What a line is called. */
export function kindOf(line: string): string {
  if (line.startsWith('{"kind"')) return 'header'
  if (rowIn(line) !== undefined) return line.includes('"mirror":true') ? 'mirror' : 'record'
  return /^\{"(\w+)"/.exec(line)?.[1] ?? 'line'
}

/** Everything that is done to an export by machine. */
export function* alterations(given: GivenExport): Generator<AlteredExport> {
  const { lines, outside } = given
  yield* lineAlterations(given)
  yield* tailAlterations(given)
  for (const [at, line] of lines.entries())
    for (const { kind, text } of valuesOf(line))
      yield { kind: `${kindOf(line)} ${kind}`, at: `line ${at}`, lines: lines.toSpliced(at, 1, text), outside }
  yield* rewritings(given)
  yield* outsideAlterations(given)
}

/** Lines out, in, twice, swapped, half written. */
function* lineAlterations({ lines, outside }: GivenExport): Generator<AlteredExport> {
  for (const [at, line] of lines.entries()) {
    const kind = kindOf(line)
    const put = (what: string, altered: readonly string[]): AlteredExport => ({
      kind: `${kind} ${what}`,
      at: `line ${at}`,
      lines: altered,
      outside,
    })
    yield put('out', lines.toSpliced(at, 1))
    yield put('twice', lines.toSpliced(at, 0, line))
    yield put('once more at the end', [...lines, line])
    yield put('half written', lines.toSpliced(at, 1, line.slice(0, line.length / 2)))
    yield put('with a blank behind it', lines.toSpliced(at, 1, `${line} `))
    yield put('behind a line of something else', lines.toSpliced(at, 0, 'hello'))
    yield put('behind an object of something else', lines.toSpliced(at, 0, '{"hello":1}'))
    yield put('behind an empty line', lines.toSpliced(at, 0, ''))
    const next = lines[at + 1]
    if (next !== undefined) yield put(`swapped with a ${kindOf(next)}`, lines.toSpliced(at, 2, next, line))
  }
}

/** The end of each chain and of the whole taken away, with and without the checkpoints that speak of it. */
function* tailAlterations({ lines, outside }: GivenExport): Generator<AlteredExport> {
  const chains = new Set(lines.flatMap((line) => placeOf(line)?.chain ?? []))
  for (let at = 1; at < lines.length; at += 1)
    yield { kind: 'tail out', at: `from line ${at}`, lines: lines.slice(0, at), outside }
  for (const chain of chains)
    for (const { n } of lines.flatMap((line) => placeOf(line) ?? []).filter((place) => place.chain === chain)) {
      const isKept = (line: string): boolean => {
        const place = placeOf(line)
        return place?.chain !== chain || place.n < n
      }
      const kept = lines.filter(isKept)
      const at = `${chain} from ${n}`
      yield { kind: 'end of a chain out', at, lines: kept, outside }
      const speaks = (line: string): boolean =>
        line.startsWith('{"checkpoint"') &&
        (JSON.parse(line).heads as [string, number][]).some(([c, m]) => c === chain && m >= n)
      yield {
        kind: 'end of a chain out with its checkpoints',
        at,
        lines: kept.filter((line) => !speaks(line)),
        outside,
      }
      const point = lines.map(rowIn).find((row) => row?.place.chain === chain && row.place.n === n)
      if (point === undefined) continue
      const start = { n, hash: point.hash, places: [point.place.pos] }
      const isBegun = (line: string): boolean => {
        const place = placeOf(line)
        return place?.chain !== chain || place.n > n
      }
      yield {
        kind: 'beginning of a chain out, and said to be elsewhere',
        at,
        lines: startingAt(lines.filter(isBegun), chain, start),
        outside,
      }
    }
}

function startingAt(lines: readonly string[], chain: string, start: JsonObject): readonly string[] {
  return lines.map((line, at) => {
    if (at > 0 || !line.startsWith('{"kind":"eosflow.audit"')) return line
    const head = JSON.parse(line) as JsonObject
    return JSON.stringify({ ...head, chains: { ...(head.chains as JsonObject), [chain]: start } })
  })
}

/** Every value in a line altered in each way that its type lets it be. */
function* valuesOf(line: string): Generator<{ readonly kind: string; readonly text: string }> {
  const row = rowIn(line)
  if (row === undefined) {
    const value = JSON.parse(line) as Json
    for (const { kind, value: other } of altered(value)) yield { kind, text: written(other) }
    return
  }
  const { place, body, hash } = row
  for (const { kind, value } of altered({ ...place, hash } as unknown as Json)) {
    const { hash: said, ...other } = value as JsonObject
    const text = JSON.stringify(other).slice(0, -1)
    yield { kind, text: `${text},"body":${body}${said === undefined ? '' : `,"hash":${JSON.stringify(said)}`}}` }
  }
  for (const { kind, value } of altered(JSON.parse(body) as Json))
    yield {
      kind: `body ${kind}`,
      text: `${JSON.stringify(place).slice(0, -1)},"body":${JSON.stringify(value)},"hash":"${hash}"}`,
    }
}

interface Altered {
  readonly kind: string
  readonly value: Json
}

/** A value altered at each of its leaves, with each member out, and with one more. A list is altered at its first and its last item. */
function* altered(value: Json, path = ''): Generator<Altered> {
  if (Array.isArray(value)) yield* alteredList(value, path)
  else if (isJsonObject(value)) yield* alteredObject(value, path)
  else for (const other of othersThan(value)) yield { kind: `${path} altered`, value: other }
}

function* alteredList(list: readonly Json[], path: string): Generator<Altered> {
  yield { kind: `${path}[] emptied`, value: [] }
  for (const [at, item] of list.entries()) {
    if (at > 0 && at < list.length - 1 && list.length > 5) continue
    for (const { kind, value } of altered(item, `${path}[]`)) yield { kind, value: list.toSpliced(at, 1, value) }
    yield { kind: `${path}[] item out`, value: list.toSpliced(at, 1) }
  }
}

function* alteredObject(given: JsonObject, path: string): Generator<Altered> {
  for (const [name, member] of Object.entries(given)) {
    const { [name]: _, ...others } = given
    const label = `${path}.${/^[a-z]+$/i.test(name) && name !== 'register' ? name : '*'}`
    yield { kind: `${label} out`, value: others }
    for (const { kind, value } of altered(member, label)) yield { kind, value: { ...given, [name]: value } }
  }
  yield { kind: `${path} more in it`, value: { ...given, more: 1 } }
}

function othersThan(value: Json): readonly Json[] {
  if (typeof value === 'number') return [value + 1, value - 1, 0, -1, String(value), 0.5, null]
  if (typeof value !== 'string') return [1, 'x']
  if (!value.includes('\n')) return [`${value}x`, '', value.replace(/[0-9a-z]/i, otherSign), 7, null]
  return [...textsLike(value)]
}

/** A text of several lines with each of them altered, out, or twice. */
function* textsLike(text: string): Generator<string> {
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    yield lines.toSpliced(at, 1).join('\n')
    yield lines.toSpliced(at, 0, line).join('\n')
    for (const { 0: word, index } of line.matchAll(/[^ ]+/g))
      yield lines
        .toSpliced(at, 1, line.slice(0, index) + word.replace(/[0-9a-z]/i, otherSign) + line.slice(index + word.length))
        .join('\n')
    yield lines.toSpliced(at, 1, `${line}x`).join('\n')
  }
}

const otherSign = (sign: string): string => (sign === '1' ? '2' : sign === 'a' ? 'b' : sign < 'A' ? '1' : 'a')

/** What somebody writes anew who has no key: the records with other bodies, or at other places, and each hash behind them. */
function* rewritings({ lines, outside }: GivenExport): Generator<AlteredExport> {
  for (const [at, line] of lines.entries()) {
    const row = rowIn(line)
    if (row === undefined) continue
    const { place, body } = row
    const bodies: readonly (readonly [string, string])[] = [
      ['body', body.replace('"at":"2026', '"at":"2025')],
      ['body of another place', body.replace(/"seq":\d+/, '"seq":99')],
      ['body that is no JSON', body.replace('{', '{,')],
      ['body with a line separator', body.replace('"at":"', '"at":"\u2028')],
    ]
    const others = [
      ...bodies.map(([kind, other]) => [kind, rowText(place, other)] as const),
      ['place', rowText({ ...place, pos: place.pos + 1000 }, body)] as const,
    ]
    for (const [kind, text] of others) {
      const made = linkedAnew(lines.toSpliced(at, 1, text))
      const name = `${kindOf(line)} ${kind} written anew`
      yield { kind: name, at: `line ${at}`, lines: made.keepingNotes, outside }
      yield { kind: `${name}, and the heads`, at: `line ${at}`, lines: made.withHeads, outside }
      yield {
        kind: `${name}, without checkpoints`,
        at: `line ${at}`,
        lines: made.withHeads.filter((one) => !/^\{"(checkpoint|segment)"/.test(one)),
        outside,
      }
    }
    yield {
      kind: `${kindOf(line)} once more at another place`,
      at: `line ${at}`,
      lines: [
        ...lines.slice(0, at + 1),
        rowText({ ...place, pos: place.pos + 1000 }, body, row.hash),
        ...lines.slice(at + 1),
      ],
      outside,
    }
  }
}

function* outsideAlterations({ lines, outside }: GivenExport): Generator<AlteredExport> {
  if (outside === '') return
  for (const text of textsLike(outside)) yield { kind: 'outside altered', at: 'outside', lines, outside: text }
  for (let cut = 0; cut < outside.length; cut += 7)
    yield { kind: 'outside cut', at: `outside at ${cut}`, lines, outside: outside.slice(0, cut) }
  yield { kind: 'outside none', at: 'outside', lines, outside: '' }
}
