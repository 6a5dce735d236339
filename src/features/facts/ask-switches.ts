import { read } from '../../change/task/act/act.ts'
import type { Device } from '../../eos/device/device.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { App } from '../../project/app/app.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { allowedSwitches, type Readers, withReaders } from '../../project/switches/connect/open-fleet.ts'
import { secretlessModel, secretlessText } from '../../project/switches/connect/secretless-lines.ts'
import type { AskedSwitch, CommandAnswer, WantedResult } from '../../report/answers/answers.ts'
import { type CompiledExpression, evaluate } from '../../text/query/compile.ts'

export interface Question {
  readonly commands: readonly string[]
  readonly form: 'text' | 'models'
  readonly wanted?: { readonly kind: 'query' | 'table'; readonly columns: readonly WantedValue[] }
}

export interface WantedValue {
  readonly text: string
  readonly compiled: CompiledExpression
}

/** `heard` is called as each is done. */
export async function askSwitches(
  app: App,
  caller: Caller,
  { question, target }: { readonly question: Question; readonly target: string | undefined },
  heard: (done: number, all: number) => void,
): Promise<readonly AskedSwitch[]> {
  const { chosen } = await allowedSwitches(app, caller, 'task.snapshot', target)
  let done = 0
  const stopping = whenStopped(caller.stop)
  const ask = async (readers: Readers, name: string): Promise<AskedSwitch> => {
    try {
      const answers = await orStopped(stopping, name, () =>
        read(readers, name, (device) => answersOf(device, question)),
      )
      return { name, answers, ...(await wantedOf(question, answers, app.clock.now())) }
    } catch (failure) {
      return { name, failure }
    }
  }
  return withReaders(app, caller, chosen, (readers) =>
    Promise.all(
      chosen.map(async ({ name }) => {
        const one = await ask(readers, name)
        done += 1
        heard(done, chosen.length)
        return one
      }),
    ),
  ).finally(() => stopping.end())
}

interface Stopping {
  readonly signal: AbortSignal
  readonly stopped: Promise<'stopped'>
  end(): void
}

async function orStopped<T>({ signal, stopped }: Stopping, device: string, ask: () => Promise<T>) {
  const answered = signal.aborted ? [] : [ask().then((answer) => ({ answer }))]
  const first = await Promise.race([stopped, ...answered])
  if (first !== 'stopped') return first.answer
  throw new EosflowError('cancelled', `${device}: it had not answered when you stopped`, { device })
}

function whenStopped(stop: AbortSignal): Stopping {
  let end: () => void = () => undefined
  const stopped = new Promise<'stopped'>((resolve) => {
    end = () => resolve('stopped')
  })
  if (stop.aborted) end()
  stop.addEventListener('abort', end, { once: true })
  return { signal: stop, stopped, end: () => stop.removeEventListener('abort', end) }
}

async function answersOf(device: Device, { commands, form }: Question): Promise<readonly CommandAnswer[]> {
  if (form === 'text') {
    const printed = await device.print(commands)
    return commands.map((command, index): CommandAnswer => {
      const answer = printed[index]
      if (answer?.ok === true) return { command, text: secretlessText(answer.text) }
      return { command, refused: secretlessText(answer?.error ?? 'it gave no answer') }
    })
  }
  const { replies } = await device.look(commands.map((cmd) => ({ cmd })))
  return commands.map((command, index): CommandAnswer => {
    const reply = replies[index]
    if (reply?.ok === true) return { command, model: secretlessModel(reply.json) }
    return { command, refused: secretlessText(reply?.error ?? 'it gave no answer') }
  })
}

async function wantedOf(
  { wanted }: Question,
  answers: readonly CommandAnswer[],
  now: number,
): Promise<{ readonly wanted?: readonly WantedResult[] }> {
  const models = answers.flatMap((answer) => ('model' in answer ? [answer.model] : []))
  if (wanted === undefined || models.length < answers.length) return {}
  const root: Json = models.length === 1 ? (models[0] ?? null) : models
  const moment = { now, random: { fraction: () => 0, hex: (count: number) => '00'.repeat(count) } }
  const results: WantedResult[] = []
  for (const { text, compiled } of wanted.columns) {
    const outcome = await evaluate(compiled, { root, moment })
    results.push(
      outcome.ok
        ? { of: text, value: outcome.value }
        : { of: text, fault: `\`${text}\` cannot be evaluated${outcome.reason}` },
    )
  }
  return { wanted: results }
}
