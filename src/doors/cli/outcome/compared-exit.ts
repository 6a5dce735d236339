import { comply } from '../../../features/comply/comply.ts'
import { saveLate } from '../../../project/system/process/save-text.ts'
import { complyAs } from '../../../report/comply/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import type { CommandContext } from '../terminal/compose.ts'
import { exitCodeOfThrown, gravest } from './exit-code.ts'
import { sayRepeat } from './repeat.ts'

const AGAIN = 'Nothing was changed. Name another file, and compare again.'

/** Compares switches with what is intended for them, shows what was found and writes it where `--csv` and `--junit` say. */
export async function showCompliance(
  { app, caller, io, options, global, invocation }: CommandContext,
  asked: Parameters<typeof comply>[2],
) {
  const [csv, junit] = [text(options.csv), text(options.junit)]
  const found = await comply(app, caller, asked, (done, all) => io.live?.(`${done} of ${all} switches compared`))
  io.live?.(undefined)
  if (csv !== undefined) saveLate(io, csv, complyAs.csv(found), AGAIN)
  if (junit !== undefined) saveLate(io, junit, complyAs.junit(found), AGAIN)
  const isMarkdown = options.markdown === true
  if (global.json) io.out(`${complyAs.json(found)}\n`)
  else if (isMarkdown) io.out(complyAs.markdown(found))
  else io.out(`${complyAs.text(found, styleOf(io))}\n`)
  const { switches } = found
  const failed = switches.flatMap(({ name, state }) => (state === 'unread' ? [name] : []))
  sayRepeat(invocation, { failed, results: switches, isDocument: global.json || isMarkdown })
  return switches
}

interface ComparedState {
  readonly state: string
  readonly failure?: unknown
}

export function exitCodeOfCompared(found: readonly ComparedState[], detailed: boolean): number {
  if (found.every(({ state }) => state === 'unknown')) return 10
  const failed = gravest(found.map(({ state, failure }) => (state === 'unread' ? exitCodeOfThrown(failure) : 0)))
  return failed === 0 && detailed && found.some(({ state }) => state === 'differs') ? 2 : failed
}
