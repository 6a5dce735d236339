import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { sessionPrefix } from '../../src/change/task/act/act.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Box } from '../box.ts'
import type { History } from '../history.ts'
import type { Execution } from '../simulated-execution.ts'
import { changes } from '../verbs.ts'
import { Violation } from '../violation.ts'
import type { Sent, Watch } from '../watch.ts'
import { ANSWER_TIMEOUT } from '../wire.ts'
import { keyOf } from './journal-rules.ts'
import { isOwner } from './switch-rules.ts'

/**
 * I34, I41 and I42, of executions that keep owner sessions. They are judged where a request arrives, however late that is: nothing else fences it there.
 */
export function ownerSessionRules(history: History): Watch & { requireQuiet(): void } {
  /** In which order processes have taken executions over. */
  const turns = new Map<Life, number>()
  /** By execution and switch: who has written there last. */
  const last = new Map<string, Life>()
  /** By process, execution, switch and act: the owner session under which it was announced. */
  const under = new Map<string, string>()
  /** Owner sessions that a request has opened which its sender had given up. */
  const late = new Set<string>()
  const turnOf = (life: Life): number => turns.get(life) ?? 0
  const { timeline, scenario } = history
  const isCalm = scenario.late === undefined && Object.values(scenario.weather).every((one) => one === 0)

  function see(event: JournalEvent, life: Life): void {
    const { type, execution = '' } = event
    if (type === 'ExecutionResumed' || type === 'ExecutionRedriven') turns.set(life, turns.size + 1)
    if (event.type !== 'ActIntended') return
    const key = `${life.number} ${execution} ${event.device} ${keyOf(event.act, event.session)}`
    if (event.held === undefined) under.delete(key)
    else under.set(key, event.held)
  }

  function takeEffect(sent: Sent, box: Box): void {
    const { life, device, request, at } = sent
    const { verb, session } = request
    if (verb === 'hold' && timeline.now - at >= ANSWER_TIMEOUT) late.add(`${box.name} ${session}`)
    if (verb === 'plan') return
    const place = `${life.execution} ${box.name}`
    const before = last.get(place)
    const isBehind = before !== undefined && turnOf(before) > turnOf(life)
    const held = under.get(`${life.number} ${life.execution} ${device} ${keyOf(verb, session)}`)
    if (held !== undefined && isBehind) throw behind(sent, box, before)
    if (held !== undefined && verb === 'save') requireNoTimer(box, life, held)
    // An abort of who was taken over may come at any time.
    if (!isBehind) last.set(place, life)
  }

  /** I34 */
  function behind({ life, request: { verb } }: Sent, box: Box, before: Life): Violation {
    const what = `${box.name}: ${verb} of controller ${life.number} is carried out`
    return new Violation('I34', `${what} behind a write of controller ${before.number}, which has taken over`)
  }

  /** I42 */
  function requireNoTimer(box: Box, { execution }: Life, held: string): void {
    const { armed } = box
    const isLeft = box.device.sessions.get(held)?.state === 'pending'
    if (armed === undefined || isLeft || armed.startsWith(sessionPrefix(execution))) return
    if (history.executions.some(({ id }) => armed.startsWith(sessionPrefix(id))))
      throw new Violation('I42', `${box.name}: saved while the commit timer of another execution runs`)
  }

  /** I41 */
  function requireGone(box: Box, { id, ended }: Execution): void {
    const { owners = [] } = ended?.devices.get(box.name) ?? {}
    const isExcused = !isCalm || ended?.ends.get(box.name)?.end === 'unknown'
    const left = box.openOf(sessionPrefix(id)).filter(({ name }) => isOwner(name) && !late.has(`${box.name} ${name}`))
    for (const { name } of left) {
      const isNamed = owners.some(({ session }) => session === name)
      if (!isNamed) throw new Violation('I41', `${box.name}: ${name} is left open, and the record says nothing of it`)
      if (!isExcused)
        throw new Violation('I41', `${box.name}: ${name} is left open, and nothing kept it from being ended`)
    }
  }

  return {
    appended: (life, events) => {
      if (life !== undefined) for (const event of events) see(event, life)
    },
    carriedOut: (sent, box, ok) => {
      if (ok && changes(sent.request)) takeEffect(sent, box)
    },
    requireQuiet: () => {
      for (const box of history.world.all()) for (const execution of history.executions) requireGone(box, execution)
    },
  }
}
