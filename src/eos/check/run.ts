import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import type { Verdict } from '../../model/verdict.ts'
import { askedOnce } from '../device/combined-commands.ts'
import type { Reply } from '../device/device.ts'
import { errorsIn } from './answer/answers-in.ts'
import type { Check, CheckContext } from './area/define.ts'
import type { CheckSpec } from './builtin/catalog.ts'
import { checkNamed } from './builtin/known-checks.ts'
import { specFor, variantsOf } from './per-switch.ts'
import { secretlessVerdict } from './secretless-verdict.ts'

/** What one check found on one switch. */
export interface CheckJudgement {
  readonly check: string
  readonly verdict: Verdict
}

const asked = new WeakMap<readonly CheckSpec[], readonly Command[]>()

/** Everything that a round of these checks asks of a switch, each command once. */
export function commandsOf(specs: readonly CheckSpec[]): readonly Command[] {
  const found = asked.get(specs) ?? askedOnce(...specs.flatMap(variantsOf).map((spec) => bound(spec).commands)).commands
  asked.set(specs, found)
  return found
}

/** What these checks ask of one switch, each command once: a check that reads of the switch asks each its own. */
export function commandsFor(specs: readonly CheckSpec[], device: string): readonly Command[] {
  return askedOnce(...specs.map((spec) => commandsHere(spec, device))).commands
}

function commandsHere(spec: CheckSpec, device: string): readonly Command[] {
  const here = specFor(spec, device)
  return here === undefined ? [] : bound(here).commands
}

/**
 * Judges one round. `replies` are the answers to {@link commandsOf} of the same specs, in its order. No verdict holds a
 * secret that is known to be one.
 */
export async function judgeAll(
  specs: readonly CheckSpec[],
  replies: readonly Reply[],
  context: CheckContext,
): Promise<readonly CheckJudgement[]> {
  return (await judgedAnswers(specs, { commands: commandsOf(specs), replies }, context)).map(
    ({ check, verdict }): CheckJudgement => ({ check, verdict }),
  )
}

/**
 * The commands that a switch refuses so that a check could not be judged: what a check takes for an answer, such as that the platform has no such
 * thing, is none. `replies` are the answers to `commands`, among which are those of {@link commandsFor}.
 */
export async function refusedBy(
  specs: readonly CheckSpec[],
  given: AnsweredCommands,
  context: CheckContext,
): Promise<readonly RefusedQuestion[]> {
  const { device } = context
  return (await judgedAnswers(specs, given, context)).flatMap(({ verdict, asked }, check) =>
    verdict.status !== 'error'
      ? []
      : asked.flatMap(({ command, reply }) => {
          const says = reply.ok ? errorsIn(reply.json) : reply.error
          return says === '' ? [] : [{ device, by: { check }, command: command.cmd, says }]
        }),
  )
}

/** What was asked, and what came of it, in the same order. */
export interface AnsweredCommands {
  readonly commands: readonly Command[]
  readonly replies: readonly Reply[]
}

interface JudgedAnswers extends CheckJudgement {
  readonly asked: readonly { readonly command: Command; readonly reply: Reply }[]
}

async function judgedAnswers(
  specs: readonly CheckSpec[],
  { commands, replies }: AnsweredCommands,
  context: CheckContext,
): Promise<readonly JudgedAnswers[]> {
  const lists = specs.map((spec) => commandsHere(spec, context.device))
  const [, ...answers] = askedOnce(commands, ...lists).repliesTo(replies)
  const judged: JudgedAnswers[] = []
  for (const [index, given] of specs.entries()) {
    const { name } = given
    const spec = specFor(given, context.device)
    if (spec === undefined) {
      judged.push({ check: name, verdict: ELSEWHERE, asked: [] })
      continue
    }
    const { check, input } = bound(spec)
    const own = answers[index] ?? []
    const verdict = secretlessVerdict(await check.judge(input, own, context), () => check.secrets?.(input, own) ?? [])
    const asked = own.flatMap((reply, at) => {
      const command = lists[index]?.[at]
      return command === undefined ? [] : [{ command, reply }]
    })
    judged.push({ check: name, verdict, asked })
  }
  return judged
}

/** Of a switch beside those that change nothing is known that a check of theirs could compare with. */
const ELSEWHERE: Verdict = { status: 'skip', reason: 'its inputs are those of the switches that change' }

interface Bound {
  readonly check: Check
  readonly input: unknown
  readonly commands: readonly Command[]
}

/** Each spec serves many rounds on many switches. */
const known = new WeakMap<CheckSpec, Bound>()

function bound(spec: CheckSpec): Bound {
  const found = known.get(spec) ?? bind(spec)
  known.set(spec, found)
  return found
}

/** The specs come from `readCheckSpecs`, if by way of a file that was kept for years: they are validated again. */
function bind({ name, input }: CheckSpec): Bound {
  const check = checkNamed(name)
  const parsed = check?.input.safeParse(input)
  if (check === undefined || parsed?.success !== true) {
    throw new EosflowError('bug', `not a check of this version: ${name}`)
  }
  return { check, input: parsed.data, commands: check.commands(parsed.data) }
}
