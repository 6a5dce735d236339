import type { SkeletonGroup, VaryingValue } from '../../change/plan/skeleton.ts'
import { visibleLine } from './visible.ts'

export interface ValueTable {
  readonly marks: readonly string[]
  readonly rows: readonly { readonly values: readonly string[]; readonly devices: readonly string[] }[]
}

const NAMES = 24

/** All values of a group in tables of at most `width` columns; a value that is wider than that has a table by itself. */
export function valueTables({ devices, values }: SkeletonGroup, width: number): readonly ValueTable[] {
  const tables: VaryingValue[][] = []
  let room = 0
  for (const value of values) {
    const taken = Math.max(value.mark.length, ...value.on.map((one) => [...visibleLine(one)].length)) + 2
    if (tables.length === 0 || taken > room) {
      tables.push([])
      room = width - NAMES
    }
    tables.at(-1)?.push(value)
    room -= taken
  }
  return tables.map((columns) => tableOf(devices, columns))
}

function tableOf(devices: readonly string[], columns: readonly VaryingValue[]): ValueTable {
  const rows = new Map<string, { values: readonly string[]; devices: string[] }>()
  devices.forEach((device, index) => {
    const values = columns.map(({ on }) => visibleLine(on[index] ?? ''))
    const row = rows.get(JSON.stringify(values)) ?? { values, devices: [] }
    row.devices.push(visibleLine(device))
    rows.set(JSON.stringify(values), row)
  })
  return { marks: columns.map(({ mark }) => mark), rows: [...rows.values()] }
}
