import type { ExecutionState } from '../../../change/engine/state.ts'
import { endFreezes, setFreeze } from '../../../features/freeze/set-freeze.ts'
import { isAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { type SignalAnswer, sendSignal } from '../../../project/execution/stop/signal.ts'
import { stopEveryOpen, stop as stopOn } from '../../../project/execution/stop/stop.ts'
import { suspend as suspendOn } from '../../../project/execution/stop/suspending.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import type { ActContext, ActTable } from '../context/act-context.ts'
import type { ActInput } from '../request/act-input.ts'
import { aboutSeen, faultOf } from '../request/readable.ts'
import { whileUnchanged } from './unchanged.ts'

export const stopActs = {
  stop: ({ app, ...context }, caller, { execution, reason, restored, newest }) =>
    aboutSeen(app, caller, execution, () =>
      whileUnchanged(app, execution, newest, () =>
        onceAsked(context, 'stop', (asked) =>
          stopOn(app, { ...caller, stop: context.following }, { execution, reason, restored, newest }, asked),
        ),
      ),
    ),

  /** The answer comes when all of them are asked on record; it names those that may not be stopped, as far as the caller may read them. Throws the denial where none may be stopped. */
  'stop-all': ({ app, runs, failed, following }, caller, { reason }) =>
    new Promise((resolve, reject) => {
      const refused: { readonly execution: string; readonly detail: string }[] = []
      let asked: readonly string[] | undefined
      let denied: unknown
      const answer = () => {
        if (asked === undefined && denied !== undefined) reject(denied)
        else resolve({ asked: asked ?? [], refused })
      }
      const mayRead = (state: ExecutionState) => isAllowed(app, caller, 'execution.read', aboutExecution(state))
      const done = stopEveryOpen(
        app,
        { ...caller, stop: following },
        { reason, restored: false },
        ({ found, error }) => {
          if (error === undefined) return
          if (asked === undefined) {
            denied ??= error
            if (mayRead(found)) refused.push({ execution: found.id, detail: faultOf(error).message })
          } else failed(`stop ${found.id}`, error)
        },
        (ids) => {
          asked = ids
          answer()
        },
      ).then(answer, (error: unknown) => {
        if (asked === undefined) reject(error)
        else failed('stop-all', error)
      })
      runs.heed(done)
    }),

  freeze: async ({ app }, caller, { reason, until }) => {
    const { freeze: set, goOn, rest } = await setFreeze(app, caller, { reason, ...endOf(until) })
    return { version: 1, freeze: set.seq, until: set.until, goOn, rest }
  },

  /** Ends freezes before their time; those of the policy stay. */
  unfreeze: async ({ app }, caller, { reason, freeze: number, all }) => {
    const { ended, left } = await endFreezes(app, caller, { reason, freeze: number, all })
    return { version: 1, ended: ended.map(({ seq }) => seq), left: left.map(({ seq }) => seq) }
  },

  /** The server goes on with the execution behind that. */
  signal: async ({ app }, caller, { token, ...given }) => {
    const answer = answerOf(given)
    const { awaited, sent } = await sendSignal(app, caller, { token, answer })
    const { execution, path, state } = awaited
    return { execution, path, state, signal: answer.signal, at: sent.at, actor: sent.actor }
  },

  suspend: ({ app, ...context }, caller, { execution, reason, newest }) =>
    aboutSeen(app, caller, execution, () =>
      whileUnchanged(app, execution, newest, () =>
        onceAsked(context, 'suspend', (asked) =>
          suspendOn(app, { ...caller, stop: context.following }, { execution, reason, newest }, asked),
        ),
      ),
    ),
} satisfies Partial<ActTable>

type Asked = (found: ExecutionState) => () => void

function onceAsked(
  { runs, failed }: Pick<ActContext, 'runs' | 'failed'>,
  what: string,
  work: (asked: Asked) => Promise<{ readonly kind: string; readonly state: ExecutionState }>,
) {
  return new Promise((resolve, reject) => {
    let isAsked = false
    const asked: Asked = ({ id }) => {
      isAsked = true
      resolve({ execution: id, outcome: 'asked' })
      return () => undefined
    }
    const done = work(asked).then(
      ({ kind, state }) => resolve({ execution: state.id, outcome: kind }),
      (error: unknown) => {
        if (isAsked) failed(what, error)
        else reject(error)
      },
    )
    runs.heed(done)
  })
}

function endOf(text: string | undefined): { readonly until?: number; readonly lasts?: number } {
  if (text === undefined) return {}
  const lasts = parseDuration(text)
  if (lasts !== undefined) return { lasts }
  const until = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(until)) return { until }
  throw inputError(
    'until',
    'bad-end',
    `\`${text}\` is neither a length nor a time`,
    'Write for example 2h, or 2026-12-18T06:00Z.',
  )
}

function answerOf({ output, error, cause, heartbeat }: Omit<ActInput<'signal'>, 'token'>): SignalAnswer {
  if (heartbeat === true) return { signal: 'heartbeat' }
  if (output !== undefined) return { signal: 'success', output }
  return { signal: 'failure', error: error ?? null, cause: cause ?? null }
}
