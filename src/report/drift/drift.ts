import type { z } from 'zod'
import { diffLineText } from '../plan/text.ts'
import { failureLine, unreadJson } from '../sessions/formats.ts'
import { count, counted, duration, present, type Style, switches, visibleLine } from '../text/text.ts'
import type { confirmedSource, DriftDocument } from './result-schema.ts'

export type ConfirmedSource = Readonly<z.output<typeof confirmedSource>>

export type Drift =
  | Readonly<Exclude<DriftDocument['devices'][number], { state: 'unread' }>>
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

/** One that did not answer was not compared, nor one that was never confirmed. */
export type DriftSum = Readonly<DriftDocument['sum']>

type Found = { readonly state: Drift['state']; readonly source?: Pick<ConfirmedSource, 'kind'> | undefined }

export function sumOfDrift(found: readonly Found[]): DriftSum {
  const of = counted(found)
  const [differs, same] = [of('differs'), of('same')]
  const inSnapshot = found.filter(({ state, source }) => state === 'same' && source?.kind === 'snapshot').length
  return {
    compared: differs + same,
    differs,
    same,
    ...(inSnapshot === 0 ? {} : { inSnapshot }),
    neverConfirmed: of('unknown'),
    unread: of('unread'),
  }
}

/**
 * What a comparison has found in words, the same everywhere: `2 compared: 1 differs, 1 as confirmed; 1 never confirmed`. Where nothing was
 * compared it says why: `0 compared: 6 never confirmed`.
 */
export function driftWords({ compared, differs, same, inSnapshot = 0, neverConfirmed, unread }: DriftSum): string {
  const found = present(
    count(differs, 'differs', 'differ'),
    same !== inSnapshot && `${same - inSnapshot} as confirmed`,
    inSnapshot !== 0 && `${inSnapshot} as in a snapshot and confirmed by no change`,
  )
  const left = present(
    neverConfirmed !== 0 && `${neverConfirmed} never confirmed`,
    unread !== 0 && `${unread} not read`,
  )
  return comparedWords(compared, found, left)
}

export function comparedWords(compared: number, found: readonly string[], left: readonly string[]): string {
  const said = [compared === 0 ? [] : found, left].filter((words) => words.length > 0)
  const all = said.map((words) => words.join(', ')).join('; ')
  return all === '' ? `${compared} compared` : `${compared} compared: ${all}`
}

export const driftAs = { text: driftText, json: driftJson } as const

function driftJson(drifts: readonly Drift[]) {
  const sum = sumOfDrift(drifts)
  const devices = drifts.map((drift) => (drift.state === 'unread' ? unreadJson(drift) : drift))
  const document: DriftDocument = { version: 1, kind: 'drift', sum, words: driftWords(sum), devices }
  return JSON.stringify(document)
}

type Compared = Extract<Drift, { config: unknown }>

function driftText(drifts: readonly Drift[], style: Style) {
  const blocks = drifts.flatMap((drift) => linesOf(drift, style))
  return present(blocks, blocks.length > 0 && '', summary(drifts)).join('\n')
}

function linesOf(drift: Drift, style: Style) {
  if (drift.state === 'unread') return [style.bad(failureLine(drift.name, drift.failure))]
  if (drift.state === 'unknown') return [style.warning(`? ${drift.name}: never confirmed by this store`)]
  const notes = notesOf(drift)
  if (drift.state === 'same' && notes.length === 0) return []
  const head = style.bold(`${drift.name}   ${drift.state === 'same' ? 'as' : sizeOf(drift)} ${sourceText(drift)}`)
  return [head, ...drift.config.map((line) => `  ${diffLineText(line, style)}`), ...notes.map((note) => `  ${note}`)]
}

function sourceText({ source, since }: Compared) {
  const what = source.kind === 'execution' ? `execution ${source.id}` : `snapshot ${source.name}`
  return visibleLine(`since ${what} (${since.slice(0, 16).replace('T', ' ')})`)
}

function sizeOf({ config }: Compared) {
  const signed = (sign: string) => config.filter((line) => line.sign === sign).length
  return `+${signed('+')} -${signed('-')} lines`
}

function notesOf({ unsaved, startup, armed, by }: Compared) {
  return present(
    by !== undefined && madeBy(by),
    unsaved && armed === undefined && 'running-config is not saved: a reboot would change it',
    startup === 'unknown' && 'startup-config cannot be read: nobody knows what a reboot would bring back',
    armed !== undefined &&
      visibleLine(`session ${armed.session} is under a commit timer, ${duration(armed.secondsLeft)} left: do not save`),
  )
}

function madeBy({ execution, standing }: NonNullable<Compared['by']>) {
  return standing === 'changing'
    ? `execution ${execution} changes this switch now: the difference may be its`
    : `where execution ${execution} has left this switch is not known: the difference may be its`
}

function summary(drifts: readonly Drift[]) {
  return `Drift: ${switches(drifts.length)}, ${driftWords(sumOfDrift(drifts))}`
}
