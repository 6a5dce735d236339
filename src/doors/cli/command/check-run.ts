import {
  askedChecks,
  isGood,
  type VerifiedSwitch,
  verifySwitches,
} from '../../../project/switches/check/asked-checks.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { requireWritable, saveLate } from '../../../project/system/process/save-text.ts'
import { type CheckResult, checkResultsAs, WORST_FIRST } from '../../../report/check-results/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { oneOf, text, texts } from '../option/options.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { sayRepeat } from '../outcome/repeat.ts'
import { judgedCommand } from '../terminal/compose.ts'

const AGAIN = 'Nothing was changed. Name another file, and run the checks again.'

/** Exit code 6 when a check fails or cannot be judged, 10 when a switch does not answer. */
export const run = judgedCommand(
  ({ io, options }) => {
    const layout = { by: layoutNamed(options.by), hide: hidden(options.hide) }
    const within = patience(options.within)
    for (const file of [options.junit, options.csv]) if (typeof file === 'string') requireWritable(io, file)
    return { layout, within }
  },
  async ({ app, caller, io, args, options, global, invocation }, { layout, within }) => {
    const verifications = await askedChecks(app, {
      catalog: args[0],
      tags:
        text(options.tags)
          ?.split(',')
          .map((tag) => tag.trim()) ?? [],
      only: texts(options.only),
      since: text(options.since),
      target: text(options.target),
    })
    const verified = await verifySwitches(app, caller, verifications, within)
    const results = verified.flatMap((one) => one.results)
    if (typeof options.junit === 'string') saveLate(io, options.junit, checkResultsAs.junit(results), AGAIN)
    if (typeof options.csv === 'string') saveLate(io, options.csv, checkResultsAs.csv(results), AGAIN)
    if (global.json) io.out(`${checkResultsAs.json(results)}\n`)
    else if (options.markdown === true) io.out(checkResultsAs.markdown(results))
    else io.out(`${checkResultsAs.text(results, layout, styleOf(io))}\n${nextLine(results)}`)
    const failed = verified.flatMap((one) => ('failure' in one || !isGood(one) ? [one.device] : []))
    sayRepeat(invocation, { failed, of: verified.length, isDocument: global.json || options.markdown === true })
    return exitCodeOf(verified)
  },
)

function exitCodeOf(verified: readonly VerifiedSwitch[]) {
  return gravest(
    verified.map((one) => {
      if ('failure' in one) return exitCodeOfThrown(one.failure)
      return isGood(one) ? 0 : 6
    }),
  )
}

function nextLine(results: readonly CheckResult[]) {
  const found = results.find(({ status }) => status === 'failure') ?? results.find(({ status }) => status === 'error')
  return found === undefined ? '' : `Next: eosflow check show ${found.check}\n`
}

const layoutNamed = (by: unknown = 'device') =>
  oneOf(
    ['device', 'check'],
    by,
    '--by',
    'bad-flag',
    `\`${by}\` is neither device nor check`,
    'Write --by device or --by check.',
  )

function hidden(hide: unknown) {
  return texts(hide).map((word) =>
    oneOf(
      WORST_FIRST,
      word,
      '--hide',
      'bad-flag',
      `\`${word}\` is no status: ${WORST_FIRST.join(', ')}`,
      didYouMean(word, WORST_FIRST),
    ),
  )
}

function patience(within: unknown) {
  if (typeof within !== 'string') return 0
  const seconds = parseDuration(within)
  if (seconds !== undefined) return seconds
  throw inputError('--within', 'bad-flag', `\`${within}\` is no time`, 'Write a number with a unit: 90s, 3m, 1h.')
}
