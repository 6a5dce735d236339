import { judgeDevices, type Verified } from '../../app/check/judged-devices.ts'
import { InputError } from '../../app/input-error.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { saveText } from '../../app/save-text.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import type { CheckStatus } from '../../check/anta-words.ts'
import { problemOf } from '../../model/problem.ts'
import { type CheckResult, WORST_FIRST } from '../../report/check-results.ts'
import { checkResultsCsv } from '../../report/check-results-csv.ts'
import { checkResultsJson } from '../../report/check-results-json.ts'
import { checkResultsJunit } from '../../report/check-results-junit.ts'
import { checkResultsMarkdown } from '../../report/check-results-markdown.ts'
import { checkResultsText } from '../../report/check-results-text.ts'
import { colored, plain } from '../../report/style.ts'
import { parseDuration } from '../../source/duration.ts'
import { didYouMean } from '../../source/suggest.ts'
import { atBench, type Bench } from '../bench.ts'
import { askedChecks } from '../check/asked-catalog.ts'
import { exitCodeOfThrown, gravest } from '../exit-code.ts'
import type { Invocation } from '../io.ts'

/** Between two rounds of `--within`, in seconds. */
const PAUSE = 5

/** Verifies switches by a catalog: reads only. Exit code 6 when a check fails or cannot be judged, 10 when a switch does not answer. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  const layout = { by: layoutNamed(options.by), hide: hidden(options.hide) }
  const within = patience(options.within)
  return atBench(invocation, async (bench) => {
    const verified = await verify(bench, within)
    const results = verified.flatMap((one) => one.results)
    if (typeof options.junit === 'string') saveText(io, options.junit, checkResultsJunit(results))
    if (typeof options.csv === 'string') saveText(io, options.csv, checkResultsCsv(results))
    if (global.json) io.out(`${checkResultsJson(results)}\n`)
    else if (options.markdown === true) io.out(checkResultsMarkdown(results))
    else io.out(`${checkResultsText(results, layout, io.color ? colored : plain)}\n${nextLine(results)}`)
    return exitCodeOf(verified)
  })
}

async function verify(bench: Bench, within: number): Promise<readonly Verified[]> {
  const { project, desk, invocation } = bench
  const verifications = await askedChecks(bench)
  const devices = verifications.map(({ device }) => device)
  await requireAllowed(bench, 'task.verify', { devices: devices.map(({ name }) => name) })
  const options = { record: trustRecord(desk), fallback: true } as const
  const fleet = openFleet(project, invocation.io, invocation.global, project.inventory(), devices, options).as('read')
  try {
    const end = desk.clock.monotonic() + within * 1000
    for (;;) {
      const verified = await judgeDevices(bench, fleet, verifications)
      const left = end - desk.clock.monotonic()
      if (verified.every(isGood) || left <= 0) return verified
      await desk.clock.sleep(Math.min(PAUSE * 1000, left), invocation.io.stop)
    }
  } finally {
    await fleet.close()
  }
}

function isGood({ results }: Verified): boolean {
  return results.every(({ status }) => status === 'success' || status === 'skipped')
}

/** A switch that did not answer has a reason of its own; what failed on others is graver. */
function exitCodeOf(verified: readonly Verified[]): number {
  return gravest(
    verified.map((one) => {
      if ('failure' in one) return exitCodeOfThrown(one.failure)
      return isGood(one) ? 0 : 6
    }),
  )
}

function nextLine(results: readonly CheckResult[]): string {
  const found = results.find(({ status }) => status === 'failure') ?? results.find(({ status }) => status === 'error')
  return found === undefined ? '' : `Next: eosflow check show ${found.check}\n`
}

function layoutNamed(by: unknown): 'device' | 'check' {
  if (by === undefined || by === 'device' || by === 'check') return by ?? 'device'
  throw badFlag('--by', `\`${String(by)}\` is neither device nor check`, 'Write --by device or --by check.')
}

function hidden(hide: unknown): readonly CheckStatus[] {
  const words = Array.isArray(hide) ? hide.map(String) : []
  return words.map((word) => {
    const status = WORST_FIRST.find((one) => one === word)
    if (status !== undefined) return status
    throw badFlag('--hide', `\`${word}\` is no status: ${WORST_FIRST.join(', ')}`, didYouMean(word, WORST_FIRST))
  })
}

function patience(within: unknown): number {
  if (typeof within !== 'string') return 0
  const seconds = parseDuration(within)
  if (seconds !== undefined) return seconds
  throw badFlag('--within', `\`${within}\` is no time`, 'Write a number with a unit: 90s, 3m, 1h.')
}

function badFlag(flag: string, message: string, hint: string): InputError {
  return new InputError([problemOf(flag, 'bad-flag', message, hint)])
}
