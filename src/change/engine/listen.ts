import type { EventBody, JournalEvent } from '../record/event/event.ts'
import type { EffectsUnderWay } from './effects-under-way.ts'
import type { Ledger } from './ledger.ts'
import type { AwaitedToken, Inbox } from './ports.ts'

export interface TokenListener {
  readonly size: number
  /** Sets the token that a scope waits for; undefined takes it away. */
  set(path: string, token: AwaitedToken | undefined): void
  launch(): void
}

export function newListening(inbox: Inbox, ledger: Ledger, underWay: EffectsUnderWay): TokenListener {
  const awaited = new Map<string, AwaitedToken>()
  let count = 0
  let isChanged = false
  const key = () => `@inbox/${count}`
  return {
    get size() {
      return awaited.size
    },
    set: (path, token) => {
      const known = awaited.get(path)
      if (known?.digest === token?.digest && known?.since === token?.since) return
      isChanged = true
      if (token === undefined) awaited.delete(path)
      else awaited.set(path, token)
    },
    launch: () => {
      if (underWay.has(key())) {
        if (!isChanged) return
        underWay.abort(key(), 'stopped')
      }
      isChanged = false
      if (awaited.size === 0) return
      count += 1
      underWay.launch(key(), (signal) => listen(inbox, ledger, [...awaited.values()], signal))
    },
  }
}

async function listen(inbox: Inbox, ledger: Ledger, tokens: readonly AwaitedToken[], signal: AbortSignal) {
  let sent: readonly JournalEvent[]
  try {
    sent = await inbox.wait(tokens, signal)
  } catch (error) {
    if (signal.aborted) return
    throw error
  }
  for (const event of sent) {
    const answer = event.type === 'SignalSent' ? answerTo(ledger, event) : undefined
    if (answer !== undefined) await ledger.append(answer)
  }
}

function answerTo(
  { state }: Ledger,
  { token, answer, seq }: Extract<JournalEvent, { type: 'SignalSent' }>,
): EventBody | undefined {
  const [path, scope] =
    state.scopes.findEntry(({ phase, ...one }) => phase === 'waiting' && one.token?.digest === token) ?? []
  if (path === undefined || scope?.state === undefined) return undefined
  const place = { path, state: scope.state }
  switch (answer.signal) {
    case 'heartbeat':
      return { type: 'TaskHeartbeat', ...place, signal: seq }
    case 'success':
      return { type: 'TaskSucceeded', ...place, output: answer.output }
    case 'failure': {
      const { error: name, cause } = answer
      const message =
        [name, cause].filter((part) => part !== null).join(': ') || 'the outside system says that it failed'
      return { type: 'TaskFailed', ...place, error: { kind: 'state-failed', message, name, cause } }
    }
  }
}
