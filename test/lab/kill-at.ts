import { aroundAppends } from './around.ts'
import type { Device, EventBody, Journal, Transport } from './sources.ts'

/** How long a request is given to leave the process, in milliseconds: its answer comes later than that. */
const LEAVES = 60

/** What the protocol does to a switch, by the names of the points. A plan stages without a checkpoint. */
type Verb = 'plan' | 'open' | 'replay' | 'prune' | 'arm' | 'confirm' | 'save' | 'abort' | 'restore'

const VERB_OF_ACT: Readonly<Record<string, Verb>> = {
  stage: 'open',
  replay: 'replay',
  prune: 'prune',
  arm: 'arm',
  confirm: 'confirm',
  save: 'save',
  abort: 'abort',
  restore: 'restore',
}

/** Ends what runs as a crash does: nothing is flushed, closed or said. Never resolves. */
export type Kill = () => Promise<never>

/** Ends this process: `kill -9`, unless the environment names another signal in KILL_WITH. */
const killProcess: Kill = () => {
  process.kill(process.pid, process.env.KILL_WITH ?? 'SIGKILL')
  return new Promise(() => undefined)
}

/** Kills when as many events of the execution are on record as `event-NUMBER` says, or as few more as are written with the last. */
export function killingCount(point: string, kill: Kill = killProcess): (journal: Journal) => Journal {
  const last = Number(/^event-(\d+)$/.exec(point)?.[1] ?? Number.POSITIVE_INFINITY)
  let count = 0
  return aroundAppends({
    behind: (written, execution) => {
      if (execution !== undefined) count += written.length
      return count >= last ? kill() : undefined
    },
  })
}

/**
 * Kills at `intent-VERB`, before the intent is on record; at `VERB-journalled`, when the outcome is; and at `in-verify`,
 * when the first verdict is.
 */
export function killingJournal(point: string, device: string, kill: Kill = killProcess): (journal: Journal) => Journal {
  const isHit = (events: readonly EventBody[], when: 'before' | 'behind') =>
    events.some((event) => pointsOf(event, device)[when] === point)
  return aroundAppends({
    before: (events) => (isHit(events, 'before') ? kill() : undefined),
    behind: (written) => (isHit(written, 'behind') ? kill() : undefined),
  })
}

function pointsOf(event: EventBody, device: string): { readonly before?: string; readonly behind?: string } {
  if (!('device' in event) || event.device !== device) return {}
  if (event.type === 'VerdictGiven') return { behind: 'in-verify' }
  if (event.type === 'ActIntended') {
    const planning = event.act === 'stage' && event.checkpoint === undefined
    return { before: `intent-${planning ? 'plan' : VERB_OF_ACT[event.act]}` }
  }
  if (event.type !== 'ActFinished') return {}
  const planning = event.act === 'stage' && event.base === undefined
  return { behind: `${planning ? 'plan' : VERB_OF_ACT[event.act]}-journalled` }
}

/**
 * Kills at `before-VERB`, when the intent is on record and nothing is sent; at `VERB-sent`, when the request has left and
 * no answer was heard; and at `after-VERB`, when it was answered and that is on no record.
 */
export function killingTransport(
  point: string,
  device: string,
  kill: Kill = killProcess,
): (transport: Transport) => Transport {
  const at = async <T>(verb: Verb, send: () => Promise<T>): Promise<T> => {
    if (point === `before-${verb}`) return kill()
    const answer = send()
    if (point === `${verb}-sent`) {
      answer.catch(() => undefined)
      setTimeout(() => void kill(), LEAVES)
      return new Promise(() => undefined)
    }
    const answered = await answer
    if (point === `after-${verb}`) return kill()
    return answered
  }
  const killing = (real: Device): Device => ({
    name: real.name,
    look: (commands) => real.look(commands),
    print: (commands) => real.print(commands),
    readConfig: () => real.readConfig(),
    hold: (session) => real.hold(session),
    heldBy: (session) => killing(real.heldBy(session)),
    stage: (request) => at(request.checkpoint === undefined ? 'plan' : 'open', () => real.stage(request)),
    replay: (session, checkpoint) => at('replay', () => real.replay(session, checkpoint)),
    arm: (session, seconds, under) => at('arm', () => real.arm(session, seconds, under)),
    confirm: (session) => at('confirm', () => real.confirm(session)),
    abort: (session) => at('abort', () => real.abort(session)),
    save: () => at('save', () => real.save()),
    restore: (checkpoint) => at('restore', () => real.restore(checkpoint)),
    boot: (lines) => real.boot(lines),
    removeCheckpoints: (checkpoints) => at('prune', () => real.removeCheckpoints(checkpoints)),
    exchange: (request) => real.exchange(request),
    close: () => real.close(),
  })
  return (transport) => ({
    connect: async (target, credential, fence) => {
      const opened = await transport.connect(target, credential, fence)
      return target.name === device ? killing(opened) : opened
    },
  })
}
