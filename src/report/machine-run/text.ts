import type { Json } from '../../model/json.ts'
import { count, duration, present, visibleLine } from '../text/text.ts'

const LONGEST = 96

interface MachineEvent {
  readonly id: number
  // ISO 8601 in UTC.
  readonly timestamp: string
  readonly type: string
}

interface MachineRun {
  readonly status: string
  readonly output?: Json
  readonly error?: string
  readonly cause?: string
  readonly history: readonly MachineEvent[]
}

export function runText({ status, output, error, cause, history }: MachineRun): string {
  const [first, last] = [history[0], history.at(-1)]
  const began = Date.parse(first?.timestamp ?? '')
  const rows = history.map((event) => ({
    id: String(event.id),
    after: `+${duration((Date.parse(event.timestamp) - began) / 1000)}`,
    type: event.type,
    what: visibleLine(whatOf(event)),
  }))
  const width = (column: 'id' | 'after' | 'type') => Math.max(0, ...rows.map((row) => row[column].length))
  const [idWidth, afterWidth, typeWidth] = [width('id'), width('after'), width('type')]
  const lasted = duration((Date.parse(last?.timestamp ?? '') - began) / 1000)
  const states = history.filter(({ type }) => type.endsWith('StateEntered')).length
  return present(
    rows.map(({ id, after, type, what }) =>
      `${id.padStart(idWidth)}  ${after.padStart(afterWidth)}  ${type.padEnd(typeWidth)}  ${what}`.trimEnd(),
    ),
    '',
    output !== undefined && `output: ${visibleLine(JSON.stringify(output))}`,
    error !== undefined && `error: ${visibleLine(error)}`,
    cause !== undefined && `cause: ${visibleLine(cause)}`,
    `${status}: ${count(history.length, 'event')}, ${count(states, 'state')} entered, ${lasted} of virtual time`,
    '',
  ).join('\n')
}

function whatOf(event: MachineEvent) {
  const details = Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1] as
    | Readonly<Record<string, unknown>>
    | undefined
  if (details === undefined) return ''
  const { name, state, index, length, error, cause } = details
  const resource = [details.resourceType, details.resource].filter((part) => part !== undefined).join(':')
  const data = details.input ?? details.parameters ?? details.output
  const parts = [
    name ?? state,
    index === undefined ? undefined : `[${index}]`,
    length === undefined ? undefined : count(Number(length), 'item'),
    resource === '' ? undefined : resource,
    error,
    cause,
    data,
  ]
  return short(parts.filter((part) => part !== undefined).join(' '))
}

const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)
