import type { Json } from '../../../model/json.ts'
import type { Verdict } from '../../../model/verdict.ts'
import { compile } from '../../../text/query/compile.ts'
import { type EvaluationOutcome, evaluate } from '../../../text/query/evaluate.ts'
import { comparedIn } from '../../../text/query/expression-faults.ts'
import type { EvaluationClock } from '../../../text/query/meter.ts'

const SHOWN = 200

const OF_TIME: readonly string[] = ['now', 'millis', 'toMillis']

export interface Assertion {
  readonly command: string
  readonly that: string
  readonly says?: string | undefined
}

/**
 * Judges an answer by an assertion: it passes for exactly `true` and fails for exactly `false`; whatever else comes of it is
 * an error. `now` is when it is judged, in seconds since the epoch.
 */
export async function judgeAssertion(assertion: Assertion, answer: Json, now: number | undefined): Promise<Verdict> {
  const { command, that, says } = assertion
  const outcome = await outcomeOf(that, answer, now)
  if (!outcome.ok) return { status: 'error', reason: `\`${that}\` of \`${command}\` cannot be judged${outcome.reason}` }
  const { value } = outcome
  if (value === true) return { status: 'pass', facts: [`\`${that}\` of \`${command}\``] }
  if (value !== false) {
    const what = value === undefined ? 'leads to nothing' : `is ${shown(value)}`
    return { status: 'error', reason: `\`${that}\` of \`${command}\` ${what}: neither true nor false` }
  }
  const compared = comparedIn(that)
  const actual = compared === undefined ? undefined : await outcomeOf(compared, answer, now)
  const more = actual?.ok === true ? `, as \`${compared}\` is ${shown(actual.value)}` : ''
  return {
    status: 'fail',
    reasons: [`${says ?? `\`${that}\` of \`${command}\``} - expected: true, actual: false${more}`],
  }
}

async function outcomeOf(text: string, answer: Json, now: number | undefined): Promise<EvaluationOutcome> {
  const compilation = await compile(text)
  if (!compilation.ok) return { ok: false, reason: `: ${compilation.message}` }
  const { compiled } = compilation
  if (now === undefined && compiled.names.free.some(({ name }) => OF_TIME.includes(name))) {
    return { ok: false, reason: ': it is not known what time it is' }
  }
  return evaluate(compiled, { root: answer, moment: momentOf(now) })
}

function momentOf(now = 0): EvaluationClock {
  return { now: Math.trunc(now * 1000), random: { fraction: () => 0, hex: (count) => '00'.repeat(count) } }
}

function shown(value: Json | undefined) {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}
