import type { Json } from '../../model/json.ts'
import type { AskedSwitch, WantedResult } from './answers.ts'

/** A wanted value as it is read: a text as it is, nothing as `none`, the rest as JSON. */
export function valueText(result: WantedResult, none: '-' | '' = '-'): string {
  if ('fault' in result) return `! ${result.fault}`
  const { value } = result
  if (value === undefined || value === null) return none
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function wantedCells(asked: readonly AskedSwitch[], none: '-' | ''): readonly (readonly string[])[] {
  return asked.flatMap((one) =>
    'answers' in one && one.wanted !== undefined
      ? [[one.name, ...one.wanted.map((result) => valueText(result, none))]]
      : [],
  )
}

export function queryRows(asked: readonly AskedSwitch[]): {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  const found = asked.flatMap((one) => {
    if (!('answers' in one) || one.wanted === undefined) return []
    const [result] = one.wanted
    if (result === undefined || 'fault' in result)
      return [{ name: one.name, record: { value: result === undefined ? '' : valueText(result) } }]
    const values = Array.isArray(result.value) ? result.value : [result.value ?? null]
    return values.map((value) => ({ name: one.name, record: isRecord(value) ? value : { value } }))
  })
  const columns = [...new Set(found.flatMap(({ record }) => Object.keys(record)))]
  const rows = found.map(({ name, record }) => [
    name,
    ...columns.map((column) =>
      valueText({ of: column, value: (record as Readonly<Record<string, Json>>)[column] }, ''),
    ),
  ])
  return { columns, rows }
}

function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
