import { changes, requestOf, type Verb } from '../../../simulate/verbs.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { sessionPrefix } from '../../../src/change/task/act/act.ts'
import type { Truth } from './fabric-process.ts'
import { TAKES, type WriteFrom } from './senders.ts'

/** Sent without a fence: it ends a session that nobody uses any more, and may come at any time. */
const UNFENCED: ReadonlySet<Verb> = new Set(['abort', 'release'])

/**
 * What is wrong with the requests of one execution as its switch has seen them: what comes behind its end (late), what comes behind a write of who has taken over (I34, here whatever
 * the switch makes of it), what is committed without a timer (I1) or twice (I3), what is saved while its own timer runs (I2), and what its record says of that at the end (I20, I24).
 */
export function wrongAtSwitch(events: readonly JournalEvent[], writes: readonly WriteFrom[]) {
  return [...lateAt(events, writes), ...outOfOrder(events, writes), ...committed(events, writes)]
}

/** The log of a switch must have every commit that the switch has counted: else something was not judged. */
export function wrongLog(device: string, { commits }: Truth, writes: readonly WriteFrom[]) {
  return (['plain', 'timed', 'confirms'] as const).flatMap((kind) => {
    const seen = writes.filter((write) => write.device === device && write.commit === kind).length
    return seen === commits[kind]
      ? []
      : [`${device} has made ${commits[kind]} commits (${kind}), and its log has ${seen}`]
  })
}

/** What reached a switch behind the end of its execution. */
function lateAt(events: readonly JournalEvent[], writes: readonly WriteFrom[]) {
  const last = events.at(-1)
  if (last?.type !== 'ExecutionEnded') return []
  const end = Date.parse(last.at)
  return writes
    .filter(({ at }) => at > end)
    .map((write) => `late: ${write.device} is sent ${write.commands.join('; ')}, ${write.at - end} ms behind the end`)
}

/** A worker that takes an execution twice has two turns: what it sends belongs to the last one that it had begun when it arrives. */
function outOfOrder(events: readonly JournalEvent[], writes: readonly WriteFrom[]) {
  const turns = events.filter(({ type }) => TAKES.has(type)).map(({ actor, at }) => ({ actor, at: Date.parse(at) }))
  const wrong: string[] = []
  let newest = -1
  for (const { device, worker, commands, at } of writes) {
    const request = requestOf(commands)
    if (!changes(request)) continue
    const what = `${device}: ${request.verb}`
    if (worker === undefined) {
      wrong.push(`${what} comes from nobody who is known`)
      continue
    }
    const turn = turns.findLastIndex((one) => one.actor === worker && one.at <= at)
    if (turn < newest && !UNFENCED.has(request.verb))
      wrong.push(`I34: ${what} of ${worker} comes behind a write of ${turns[newest]?.actor}, which has taken over`)
    newest = Math.max(newest, turn)
  }
  return wrong
}

function committed(events: readonly JournalEvent[], writes: readonly WriteFrom[]) {
  const of = (kind: WriteFrom['commit']) => writes.filter(({ commit }) => commit === kind).length
  const [plain, timed, confirms] = [of('plain'), of('timed'), of('confirms')]
  const [first] = writes
  if (first === undefined) return []
  const { device } = first
  const last = events.at(-1)
  const end = last?.type === 'ExecutionEnded' ? last.devices[device] : undefined
  const own = sessionPrefix(events[0]?.execution ?? '')
  const early = writes.filter(
    ({ commands, timer }) => requestOf(commands).verb === 'save' && timer?.startsWith(own) === true,
  )
  const counted = `${timed} timed commits and ${confirms} confirms`
  return [
    ...(plain === 0 ? [] : [`I1: ${device}: ${plain} commits without a timer`]),
    ...early.map(({ timer }) => `I2: ${device}: saved while the commit timer of ${timer} runs`),
    ...(timed <= 1 ? [] : [`I3: ${device}: ${timed} timed commits of one execution`]),
    ...(end !== 'changed' || (timed >= 1 && confirms === 1) ? [] : [`I20: ${device}: changed by ${counted}`]),
    ...(end !== 'untouched' || timed === 0 ? [] : [`I24: ${device}: untouched, with ${counted}`]),
  ]
}
