import type { Json } from '../../model/json.ts'

export type CommandAnswer =
  | { readonly command: string; readonly text: string }
  | { readonly command: string; readonly model: Json }
  | { readonly command: string; readonly refused: string }

export type WantedResult =
  | { readonly of: string; readonly value: Json | undefined }
  | { readonly of: string; readonly fault: string }

export type AskedSwitch =
  | { readonly name: string; readonly answers: readonly CommandAnswer[]; readonly wanted?: readonly WantedResult[] }
  | { readonly name: string; readonly failure: unknown }

/** Names with the runs of numbers in them: `leaf1-4, spine1`. Only what differs by 1 and has as many digits is a run. */
export function namesInRuns(names: readonly string[]): string {
  const runs: { stem: string; from: string; to: string }[] = []
  for (const name of names) {
    const { stem = name, digits = '' } = /^(?<stem>.*?)(?<digits>\d{1,9})$/.exec(name)?.groups ?? {}
    const last = runs.at(-1)
    if (last !== undefined && digits !== '' && last.stem === stem && follows(last.to, digits)) last.to = digits
    else runs.push({ stem, from: digits, to: digits })
  }
  return runs.map(({ stem, from, to }) => `${stem}${from}${from === to ? '' : `-${to}`}`).join(', ')
}

function follows(before: string, digits: string) {
  return Number(digits) === Number(before) + 1 && String(Number(digits)).padStart(before.length, '0') === digits
}

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
