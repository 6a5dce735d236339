import { z } from 'zod'
import type { Verdict } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json } from '../../../model/json.ts'
import type { EvaluationClock } from '../../../text/query/bounded-functions.ts'
import { compile, type EvaluationOutcome, evaluate } from '../../../text/query/compile.ts'
import { comparedIn, expressionFaults } from '../../../text/query/expression-faults.ts'
import { isSecretMember, secretsIn } from '../../config/secrets/secrets.ts'
import type { Reply } from '../../device/device.ts'
import { answersIn } from '../answer/show.ts'
import { showCommandFault } from '../assertion/show-command.ts'
import type { Check } from '../define/define-check.ts'

const SHOWN = 200

const OF_TIME: readonly string[] = ['now', 'millis', 'toMillis']

interface Assertion {
  readonly command: string
  readonly that: string
  readonly says?: string | undefined
}

// Judges an answer by an assertion: it passes for exactly `true` and fails for exactly `false`; whatever else comes of it is
// an error. `now` is when it is judged, in seconds since the epoch.
async function judgeAssertion(assertion: Assertion, answer: Json, now: number | undefined): Promise<Verdict> {
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

const SHORTEST = 4

export function secretsInAnswers(replies: readonly Reply[]): readonly string[] {
  const found = new Set<string>()
  for (const reply of replies) if (reply.ok) collect(reply.json, found)
  return [...found].filter(({ length }) => length >= SHORTEST)
}

function collect(json: Json, found: Set<string>) {
  if (typeof json === 'string') collectLines(json, found)
  else if (Array.isArray(json)) for (const one of json) collect(one, found)
  else if (isJsonObject(json)) {
    for (const [key, value] of Object.entries(json)) {
      collectLines(key, found)
      if (typeof value === 'string' && isSecretMember(key)) found.add(value)
      else collect(value, found)
    }
  }
}

function collectLines(text: string, found: Set<string>) {
  for (const line of text.split('\n')) for (const { value } of secretsIn(line)) found.add(value)
}

const input = z
  .strictObject({
    command: z
      .string()
      .describe('The command to ask. It begins with `show` and reads.')
      .meta({
        examples: ['show version'],
      }),
    revision: z.int().min(1).max(99).optional().describe('Revision of its JSON model. Absent: the latest.'),
    format: z
      .enum(['json', 'text'])
      .default('json')
      .describe('json: the expression sees the model; text: what the switch prints, as one string.'),
    that: z
      .string()
      .describe('A JSONata expression over the answer, which must give true.')
      .meta({
        examples: ['memFree > 100000'],
      }),
    says: z.string().min(1).optional().describe('What a failure says in place of the expression.'),
  })
  .superRefine(({ command, revision, format, that }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const fault = showCommandFault(command, format === 'text')
    if (fault !== undefined) refuse('command', fault)
    if (revision !== undefined && format === 'text') refuse('revision', 'text has no revision')
    for (const one of expressionFaults(that)) refuse('that', one)
  })

/** An assertion of one's own over any show command. */
export const assert: Check<typeof input> = Object.freeze({
  name: 'assert',
  summary: 'An expression over the answer to any show command is true.',
  docs:
    'For what no check covers. The expression is JSONata and sees the answer: names are its members, `$` is all of it. Passes ' +
    'for exactly true and fails for exactly false; an expression that leads to nothing, gives another value or goes over a ' +
    'limit is an error, and so is a command that the switch refuses. Faults of the expression are found with the file.',
  example: { command: 'show version', that: 'memFree > 100000', says: 'memory is short' },
  input,
  commands: ({ command, revision, format }) => [
    {
      cmd: command,
      ...definedMembers({ revision, format: format === 'text' ? format : undefined }),
    },
  ],
  secrets: (_input, replies) => secretsInAnswers(replies),
  async judge(given, replies, { now }) {
    const model = given.format === 'text' ? z.string() : z.unknown()
    const asked = assert.commands(given).map((command) => ({ command, model: () => model }))
    const verdict = await answersIn(asked, replies, ([answer]) => judgeAssertion(given, answer as Json, now))
    // Nobody knows whether a command that the platform does not have would have answered so.
    return verdict.status === 'skip' ? { status: 'error', reason: verdict.reason } : verdict
  },
} satisfies Check<typeof input>)
