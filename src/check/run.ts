import { askedOnce } from '../device/combined-commands.ts'
import type { Reply } from '../device/device.ts'
import type { Command } from '../model/command.ts'
import { EosflowError } from '../model/error.ts'
import type { Verdict } from '../model/verdict.ts'
import type { CheckSpec } from './catalog.ts'
import type { Check, CheckContext } from './define.ts'
import { checkNamed } from './known-checks.ts'
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

/**
 * Judges one round. `replies` are the answers to {@link commandsOf} of the same specs, in its order. No verdict holds a
 * secret that is known to be one.
 */
export async function judgeAll(
  specs: readonly CheckSpec[],
  replies: readonly Reply[],
  context: CheckContext,
): Promise<readonly CheckJudgement[]> {
  const specsHere = specs.map((spec) => specFor(spec, context.device))
  const lists = specsHere.map((spec) => (spec === undefined ? [] : bound(spec).commands))
  const [, ...answers] = askedOnce(commandsOf(specs), ...lists).repliesTo(replies)
  const judgements: CheckJudgement[] = []
  for (const [index, spec] of specsHere.entries()) {
    if (spec === undefined) {
      judgements.push({ check: specs[index]?.name ?? '', verdict: ELSEWHERE })
      continue
    }
    const { check, input } = bound(spec)
    const own = answers[index] ?? []
    const verdict = await check.judge(input, own, context)
    const safe = secretlessVerdict(verdict, () => check.secrets?.(input, own) ?? [])
    judgements.push({ check: spec.name, verdict: safe })
  }
  return judgements
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
