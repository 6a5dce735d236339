import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import { firstLine } from '../phrases/spoken.ts'
import type { Style } from '../text/style.ts'
import { hanging } from '../text/visible.ts'
import { AUDIT_WORDS } from './auditors.ts'
import { EXECUTION_WORDS } from './executions.ts'
import type { ShortWords, StatesAround, WordsRow, WordsTable } from './row.ts'
import { STATE_WORDS } from './states.ts'
import { SWITCH_WORDS } from './switches.ts'

const WORDS: WordsTable = { ...EXECUTION_WORDS, ...STATE_WORDS, ...SWITCH_WORDS, ...AUDIT_WORDS }

function rowOf<B extends EventBody>({ type }: B) {
  const row = WORDS[type] as unknown as WordsRow<B> | WordsRow<B>['long']
  return typeof row === 'function' ? { long: row } : row
}

export function eventWords(event: EventBody): string {
  return rowOf(event).long(event)
}

/** What one journal event means to a person who watches; undefined when it means nothing to one. */
export function progressLine(event: JournalEvent, style: Style): string | undefined {
  const { short, terminal = short } = rowOf(event)
  const told = terminal?.(event)
  if (told === undefined) return undefined
  const device = deviceOf(event)
  const named = device === undefined || told.isWhole === true ? told.words : `${device}: ${told.words}`
  return lookOf(told, style)(`${told.mark}${hanging(named)}`)
}

const LOOKS = { ok: 'good', bad: 'bad', live: 'warning', undo: 'warning' } as const

function lookOf({ look, tone, mark }: ShortWords, style: Style): (text: string) => string {
  if (look !== undefined) return style[look]
  if (tone !== 'idle') return style[LOOKS[tone]]
  return mark === '' ? (text) => text : style.dim
}

/** What a record says to a person who reads what happened; undefined where it says nothing that a sentence beside it does not. */
export function pageWords(
  event: JournalEvent,
  states: StatesAround,
): (Pick<ShortWords, 'words' | 'tone'> & { readonly device?: string }) | undefined {
  const { short, page = short } = rowOf(event)
  const told = page?.(event, states)
  if (told === undefined) return undefined
  const [device, words, { tone }] = [deviceOf(event), firstLine(told.words), told]
  if (device !== undefined) return { words, tone, device }
  // A state begins as somebody has named it.
  return { words: 'path' in event ? words : `${words.charAt(0).toUpperCase()}${words.slice(1)}`, tone }
}

const deviceOf = (event: JournalEvent) => ('device' in event ? event.device : undefined)
