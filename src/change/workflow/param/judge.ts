import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { Path } from '../../../text/source/located.ts'
import { show } from '../../../text/source/show.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { exampleOf } from './example-of.ts'
import { bad, fits, judgementOf, judgeScalar, type Misfit, type ScalarJudgement, textFault } from './judge-scalar.ts'
import { MOST_TABLE_ROWS, type ObjectParam, type Param, type RecordMember, type TableParam } from './schema.ts'

/** How a value, or the part of it at a path, is written, where that is a number that prints otherwise. */
export type NumberText = (path?: Path) => string | undefined

/** Addresses and VLAN ranges come out in the form in which EOS prints them; a number that is written otherwise than it prints is never taken for what it prints. */
export function judgeParam(param: Param, value: Json, written: NumberText = () => undefined): ScalarJudgement {
  switch (param.type) {
    case 'list':
      return judgeList(param, value, written)
    case 'table':
      return judgeTable(param, value, written)
    case 'object':
      return judgeObject(param, value, written)
    default:
      return judgeScalar(param, value, written())
  }
}

function judgeList(param: Extract<Param, { type: 'list' }>, value: Json, written: NumberText) {
  if (!Array.isArray(value)) {
    const fitting = listOf(param, value)
    return bad(`must be a list, not ${show(value)}`, `for example \`${fitting}\``, fitting)
  }
  if (value.length < (param.minItems ?? 0))
    return bad(`must have at least ${param.minItems} items`, 'add what is missing')
  if (value.length > (param.maxItems ?? 4096))
    return bad(`must have at most ${param.maxItems ?? 4096} items`, 'shorten the list')
  const items: Json[] = []
  const misfits: Misfit[] = []
  for (const [index, item] of (value as readonly Json[]).entries()) {
    const judged = judgeScalar(param.items, item, written([index]))
    if (judged.ok) items.push(judged.value)
    else misfits.push(...judged.misfits.map((one) => ({ ...one, path: [index] })))
  }
  return judgementOf(misfits, items)
}

function listOf({ items }: Extract<Param, { type: 'list' }>, value: Json) {
  const words = typeof value === 'string' ? value.split(/[\s,]+/).filter((word) => word !== '') : [value]
  const given = words.map((word) => judgeScalar(items, word, undefined))
  const fits = given.length > 0 && given.every(({ ok }) => ok)
  return `[${fits ? words.map(String).join(', ') : exampleOf(items)}]`
}

// How the part of a value at a path is written, where that is a number that prints otherwise.
type WrittenAt = (path: Path) => string | undefined

// Judges a list of records, each by the columns; rows of the same key are said at the second one.
function judgeTable(param: TableParam, value: Json, written: WrittenAt) {
  if (!Array.isArray(value))
    return bad('must be a list of rows', 'for example `[{ port: Ethernet1, vlan: 110 }]`, or a CSV file: @FILE')
  const { minRows = 0, maxRows = MOST_TABLE_ROWS } = param
  if (value.length < minRows)
    return bad(`must have at least ${minRows} rows, not ${value.length}`, 'add what is missing')
  if (value.length > maxRows) return bad(`must have at most ${maxRows} rows, not ${value.length}`, 'split the table')
  const rows: Json[] = []
  const misfits: Misfit[] = []
  for (const [index, row] of (value as readonly Json[]).entries()) {
    const judged = judgeMembers(param.columns, row, (path) => written([index, ...path]), 'column')
    if (judged.ok) rows.push(judged.value)
    else misfits.push(...judged.misfits.map((one) => ({ ...one, path: [index, ...one.path] })))
  }
  return judgementOf(misfits.length > 0 ? misfits : sameKeys(param, rows as readonly JsonObject[]), rows)
}

function judgeObject({ properties }: ObjectParam, value: Json, written: WrittenAt) {
  if (properties !== undefined) return judgeMembers(properties, value, written, 'property')
  if (!isJsonObject(value)) return bad('must be a mapping', 'for example `{ area: 0, networks: [10.0.0.0/24] }`')
  return judgementOf([...anyMisfits(value, [], written)], value)
}

type Members = Readonly<Record<string, RecordMember>>

function judgeMembers(members: Members, value: Json, written: WrittenAt, what: string) {
  if (!isJsonObject(value))
    return bad(`must be a mapping with ${Object.keys(members).join(', ')}`, 'for example `{ name: value }`')
  const judged: [string, Json][] = []
  const misfits: Misfit[] = []
  for (const [name, member] of Object.entries(members)) {
    const made = judgeMember(name, member, Object.hasOwn(value, name) ? value[name] : undefined, written)
    if (!made.ok) misfits.push(...made.misfits)
    else if (made.value !== null) judged.push([name, made.value])
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(members, name)) continue
    misfits.push({
      path: [name],
      message: `there is no ${what} \`${name}\``,
      hint: didYouMean(name, Object.keys(members)),
    })
  }
  return judgementOf(misfits, Object.fromEntries(judged))
}

function judgeMember(name: string, member: RecordMember, value: Json | undefined, written: WrittenAt): ScalarJudgement {
  const given = value === undefined ? member.default : value
  if (given === undefined) {
    return member.optional === true
      ? fits(null)
      : bad(`\`${name}\` is not given`, `give it, or let the workflow say \`optional: true\``)
  }
  const judged = judgeScalar(member, given, value === undefined ? undefined : written([name]))
  return judged.ok ? judged : { ok: false, misfits: [{ ...judged.misfits[0], path: [name] }] }
}

function sameKeys({ key }: TableParam, rows: readonly JsonObject[]): readonly Misfit[] {
  if (key === undefined) return []
  const columns = [key].flat()
  const seen = new Map<string, number>()
  return rows.flatMap((row, index): Misfit[] => {
    const values = columns.map((column) => row[column] ?? null)
    const word = JSON.stringify(values)
    const first = seen.get(word)
    seen.set(word, first ?? index)
    if (first === undefined) return []
    const path = [index, columns[0] ?? '']
    return [
      { path, message: `${values.join(', ')} is in row ${first + 1} already`, hint: 'delete one of the two rows' },
    ]
  })
}

function* anyMisfits(value: Json, path: Path, written: WrittenAt): Iterable<Misfit> {
  const as = written(path)
  if (as !== undefined)
    yield { path, message: `${as} is another way to write ${value}`, hint: `write ${value}, or put it in quotes` }
  const fault = typeof value === 'string' ? textFault(value) : undefined
  if (fault !== undefined) yield { path, message: fault, hint: 'retype it' }
  const members: readonly (readonly [string | number, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, index) => [index, item] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  for (const [name, member] of members) {
    const bad = typeof name === 'string' ? textFault(name) : undefined
    if (bad !== undefined) yield { path, message: `a name in it ${bad}`, hint: 'retype it' }
    yield* anyMisfits(member, [...path, name], written)
  }
}
