import { z } from 'zod'
import type { Random } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { isTransient } from '../act/act.ts'
import { defineTask, type JudgedCheck, oneDevice, type TaskContext } from '../act/context.ts'
import { lostTimer, requireOwnTimer, TIMER_MARGIN } from '../act/own-timer.ts'
import {
  type Course,
  courseFrom,
  decidedAt,
  hopelessness,
  isGood,
  isStable,
  judgeRound,
  lastOf,
  linesOf,
  mayDecide,
  neighborConfig,
  numbered,
  oldestAnswer,
  oldestLook,
  ownConfig,
  type Round,
  type Watch,
  watchOf,
  withRound,
} from '../act/verify-round.ts'

// The first pause between two looks at something that is not good yet, in milliseconds.
const FIRST = 500
// In so many rounds behind each other a switch may refuse the user: more could lock the account, and the way back needs it.
const MOST_REFUSALS = 3
// By how much of itself a pause is shortened at most, so that what comes and goes in step with the looks is met all the same.
const JITTER = 0.2

const Input = z.strictObject({
  within: z
    .int()
    .min(1)
    .optional()
    .describe('For how many seconds the network may take to become good; the plan says it otherwise.'),
  stableFor: z.int().min(0).optional().describe('For how many seconds it must stay good; the plan says it otherwise.'),
  every: z.int().min(1).describe('Seconds between two rounds.'),
  latency: z
    .int()
    .min(1)
    .optional()
    .describe('By how many milliseconds the way to the switch may have become longer; not judged without it.'),
})
type Context = TaskContext<z.output<typeof Input>>

export const verify = defineTask({
  name: 'verify',
  summary: 'Judge all checks round by round, over new logins, until they are good and stay good.',
  docs: 'One JSON round trip per round asks every command of every check once, of the switch and of the neighbours that the plan names. The first round and the last log in anew as the user that writes; a switch that takes no new login fails the round. Ends well when all checks passed for `stableFor`. Ends badly when that cannot be reached any more before `within` or the commit timer is over, or when what fails cannot heal.',
  scope: 'task.verify',
  effect: 'read',
  input: Input,
  async run(context) {
    const { clock } = context
    const name = oneDevice(context)
    const terms = await termsOf(context, name)
    const watch = await watchOf(context, name, context.input.latency)
    const begun = clock.monotonic()
    let course = courseFrom(begun)
    let refusals = 0
    for (let number = 1; ; number++) {
      const before = lastOf(course)
      const neighborsSince = oldestLook(course, terms, { now: clock.monotonic(), every: context.input.every })
      const isNewLogin = before?.look === undefined || mayDecide(course, terms, clock.monotonic())
      const featuresSince = {
        begun,
        since: oldestAnswer(course, { now: clock.monotonic(), every: context.input.every }),
      }
      const round = await judgeRound(context, name, watch, { before, neighborsSince, isNewLogin, featuresSince })
      await recordChanges(context, name, number, round.verdicts, before?.verdicts)
      refusals = refusedSoFar(name, refusals, round)
      const isFirstLook = course.timerEnds === Number.POSITIVE_INFINITY
      const look = round.look && isFirstLook ? await requireOwnTimer(context, name, round.look) : round.look
      course = withRound(course, round, look && timerEnd(context, name, look))
      tellPulse(context, name, number, course)
      const isDone = isStable(course, terms.stableFor) && round.isNewLogin
      if (number === 1 || isDone) {
        const isKept = await configIsKept(context, name, watch, { number, isLast: isDone, round })
        if (isDone && isKept) return { rounds: number }
      }
      requireHope(name, course, terms, clock.monotonic())
      await clock.sleep(pauseUntilNext(context, course, terms), context.signal)
    }
  },
})

// Throws `verification` where that is too often.
function refusedSoFar(name: string, before: number, { isRefused, verdicts }: Round) {
  if (!isRefused) return 0
  if (before + 1 < MOST_REFUSALS) return before + 1
  const head = `${name}: refuses the login, ${MOST_REFUSALS} times; it is not tried again, so that the user is not locked out`
  throw failed(name, told(head, linesOf(verdicts.filter((one) => !isGood(one)))))
}

// The times of a course are on the clock that never jumps.
function tellPulse({ clock, pulse }: Context, device: string, round: number, { goodSince, timerEnds }: Course) {
  if (pulse === undefined) return
  const [now, monotonic] = [clock.now(), clock.monotonic()]
  pulse({
    device,
    round,
    at: now,
    ...(goodSince === undefined ? {} : { goodSince: now - (monotonic - goodSince) }),
    ...(timerEnds === Number.POSITIVE_INFINITY ? {} : { timerEnds: now + timerEnds - monotonic + TIMER_MARGIN * 1000 }),
  })
}

// How long the verification may take and must stay good, in seconds.
interface Terms {
  readonly within: number
  readonly stableFor: number
}

async function termsOf({ change, input }: Context, name: string): Promise<Terms> {
  const { within, stableFor } = input
  if (within !== undefined && stableFor !== undefined) return { within, stableFor }
  const { verify: planned } = await change.planned(name)
  return { within: within ?? planned.within, stableFor: stableFor ?? planned.stableFor }
}

function timerEnd(context: Context, name: string, look: NonNullable<Round['look']>) {
  const { armed } = look.sessions
  const { session } = context.history(name)
  if (armed === undefined || armed.session !== session) {
    throw failed(name, `${name}: ${lostTimer(context, name, look)}`)
  }
  if (armed.secondsLeft <= TIMER_MARGIN) {
    throw failed(
      name,
      `${name}: only ${armed.secondsLeft} s are left of the commit timer, and the checks are not good yet`,
    )
  }
  context.timers.saw(name, armed.secondsLeft)
  return context.clock.monotonic() + (armed.secondsLeft - TIMER_MARGIN) * 1000
}

// Throws `verification` where one differs: no waiting mends that.
async function configIsKept(
  context: Context,
  name: string,
  { neighbors }: Watch,
  { number, isLast, round }: { readonly number: number; readonly isLast: boolean; readonly round: Round },
) {
  if (context.checks.compared?.everythingElse !== true) return true
  try {
    const judged = await Promise.all([
      ownConfig(context, name),
      ...(isLast ? neighbors.filter(({ isUnchanged }) => isUnchanged !== undefined) : []).map((neighbor) =>
        neighborConfig(context, neighbor, { since: round.at, behindCommit: true }),
      ),
    ])
    await recordChanges(
      context,
      name,
      number,
      judged.filter((one) => isLast || !isGood(one)),
      undefined,
    )
    const bad = judged.filter((one) => !isGood(one))
    if (bad.length === 0) return true
    const others = round.verdicts.filter((one) => !isGood(one))
    throw failed(name, told(`${name}: cannot become good`, linesOf([...bad, ...others])))
  } catch (error) {
    if (!isTransient(error)) throw error
    return false
  }
}

function requireHope(name: string, course: Course, terms: Terms, now: number) {
  const hopeless = hopelessness(course, terms, now)
  if (hopeless === undefined) return
  const { because, lines } = hopeless
  const why = lines.length > 0 ? lines : [`the checks were not good for ${terms.stableFor} s without a break`]
  if (because === 'certain') throw failed(name, told(`${name}: cannot become good`, why))
  if (because === 'late') throw failed(name, told(`${name}: not good within ${terms.within} s`, why))
  const left = Math.max(0, Math.floor((course.timerEnds - now) / 1000)) + TIMER_MARGIN
  const head = `${name}: only ${left} s are left of the commit timer, and the checks are not good yet`
  throw failed(name, told(head, why))
}

function told(head: string, lines: readonly string[]) {
  const [name = ''] = head.split(':', 1)
  return lines.map((line, index) => `${index === 0 ? head : name}: ${line}`).join('\n')
}

function failed(device: string, message: string) {
  return new EosflowError('verification', message, { device })
}

// Milliseconds until the next round, but never past the moment that decides.
function pauseUntilNext({ clock, random, input }: Context, course: Course, terms: Terms) {
  const left = Math.max(1, decidedAt(course, terms) - clock.monotonic())
  const isLast = course.goodSince !== undefined && left <= input.every * 1000
  return isLast ? left : Math.min(pauseAfter(course.bad, input.every, random), left)
}

async function recordChanges(
  context: Context,
  name: string,
  number: number,
  verdicts: readonly JudgedCheck[],
  last: readonly JudgedCheck[] | undefined,
) {
  const before = new Map(numbered(last ?? []).map((one) => [idOf(one), JSON.stringify(one.verdict)]))
  const changed = numbered(verdicts).filter((one) => before.get(idOf(one)) !== JSON.stringify(one.verdict))
  if (changed.length > 0) await context.log.verdicts(name, number, changed)
}

function idOf({ check, nth = 1 }: JudgedCheck) {
  return `${check} ${nth}`
}

// At what is not good yet one looks soon and then ever less often, up to every `every` seconds; `looks` are those in a row that were not good,
// 0 where the last one was.
function pauseAfter(looks: number, every: number, random: Random) {
  const most = every * 1000
  const pause = looks === 0 ? most : Math.min(most, FIRST * 2 ** Math.min(looks - 1, 20))
  return Math.max(1, Math.round(pause * (1 - JITTER * random.fraction())))
}
