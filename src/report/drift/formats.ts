import { diffLineText } from '../plan/text.ts'
import { failureLine, unreadJson } from '../sessions/formats.ts'
import { duration, present, type Style, switches, visibleLine } from '../text/text.ts'
import { type Drift, driftWords, sumOfDrift } from './drift.ts'
import type { DriftDocument } from './result-schema.ts'

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
