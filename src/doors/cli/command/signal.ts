import { givenJson, type Json } from '../../../model/json.ts'
import { isTaskToken } from '../../../model/task-token.ts'
import { type SignalAnswer, sendSignal } from '../../../project/execution/stop/suspending.ts'
import { InputError, inputError } from '../../../project/system/process/input-error.ts'
import { goesOnWith } from '../outcome/steps-after.ts'
import { judgedCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

// The largest output of a state, bytes of JSON: that of AWS Step Functions, whose machines run here.
const LONGEST_OUTPUT = 262_144
const LONE_SURROGATE = /[\ud800-\udfff]/u

/** The digest of the token goes on record, never the token. */
export const run = judgedCommand(
  ({ io, args, options }) => ({
    token: tokenFrom(args[0] ?? io.env.EOSFLOW_TASK_TOKEN ?? ''),
    answer: answerFrom(options),
  }),
  async ({ app, caller, io, global }, given) => {
    const { awaited, sent } = await sendSignal(app, caller, given)
    const { execution, path, state } = awaited
    const { signal } = given.answer
    if (global.json) {
      io.out(`${JSON.stringify({ version: 1, execution, path, state, signal, at: sent.at, actor: sent.actor })}\n`)
    } else {
      const said = signal === 'heartbeat' ? 'still at work' : signal
      io.out(`${state} of ${execution}: ${said}, on record as ${sent.actor}\n`)
      io.out(`Next: eosflow ${signal === 'heartbeat' ? `show ${execution}` : goesOnWith(app, execution)}\n`)
    }
    return 0
  },
)

function tokenFrom(text: string) {
  if (isTaskToken(text)) return text
  // A text that is nearly a token is not repeated: a few guesses would complete it.
  throw inputError(
    'token',
    'bad-signal',
    'this is not a task token',
    'A task token is eosflow-task- and 43 more characters: paste all of it.',
  )
}

function answerFrom({ output, error, cause, heartbeat }: Invocation['options']): SignalAnswer {
  const failed = error !== undefined || cause !== undefined
  if ([output !== undefined, failed, heartbeat === true].filter(Boolean).length !== 1) {
    throw inputError(
      'signal',
      'bad-signal',
      'one answer is needed',
      'Give --output JSON, or --error NAME with --cause TEXT, or --heartbeat.',
    )
  }
  if (heartbeat === true) return { signal: 'heartbeat' }
  if (!failed) return { signal: 'success', output: outputFrom(String(output)) }
  return { signal: 'failure', error: textFrom('--error', error), cause: textFrom('--cause', cause) }
}

function outputFrom(text: string) {
  if (Buffer.byteLength(text) > LONGEST_OUTPUT) {
    throw inputError(
      '--output',
      'bad-signal',
      `it is longer than ${LONGEST_OUTPUT} bytes`,
      'Give a reference to what is long.',
    )
  }
  try {
    givenJson(text)
    return JSON.parse(text, storable) as Json
  } catch (error) {
    if (error instanceof InputError) throw error
    throw inputError('--output', 'bad-signal', 'it is not JSON', `A text is JSON in double quotes: --output '"done"'.`)
  }
}

function storable(name: string, value: unknown) {
  requireWhole('--output', name)
  if (typeof value === 'string') requireWhole('--output', value)
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw inputError('--output', 'bad-signal', 'it holds a number that is too large', 'Write it as a text.')
}

function textFrom(flag: string, given: unknown) {
  if (given === undefined) return null
  const text = String(given)
  requireWhole(flag, text)
  return text
}

function requireWhole(flag: string, text: string) {
  if (LONE_SURROGATE.test(text))
    throw inputError(flag, 'bad-signal', 'it holds half a character', 'Write whole characters.')
}
