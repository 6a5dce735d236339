import { isJsonObject } from '../../../../model/json.ts'
import {
  compared,
  judged,
  KIT,
  type ListedSessions,
  LOOPBACK,
  LOOPBACK_LINES,
  listing,
  modelOf,
  NO_LOOPBACK,
  type Probe,
  type ProbeAnswers,
  sameWords,
  shown,
  step,
} from '../contract/probe.ts'

const [SESSION, OWN] = [`${KIT}-1`, `${KIT}-own`]
const SECONDS = 120

/** K4: a timed commit and its confirm, and how soon the list of sessions shows each. */
export const TIMER: Probe = {
  id: 'K4',
  title: 'a timed commit that is confirmed',
  requires: 'replays-own-text',
  rows: [
    'timer-json',
    'list-at-once',
    'own-timer',
    'commit-time',
    'armed-words',
    'confirm-elsewhere',
    'confirm-settles',
    'completed-state',
    'completed-words',
    'session-stays',
    'empty-session-diff',
  ],
  sessions: [SESSION, OWN],
  steps: () => [
    step('own', [`configure session ${OWN}`, 'end']),
    step('open', [`configure session ${SESSION}`, ...LOOPBACK_LINES, 'end']),
    shown('read'),
    step('arm', [`configure session ${SESSION} commit timer 00:02:00`]),
    listing('armed', { again: { times: 28, milliseconds: 250 } }),
    step('line', [`configure session ${SESSION}`, LOOPBACK, 'end'], { refusals: 'go-on' }),
    step('confirm', [`configure session ${SESSION} commit`], { anew: true }),
    listing('confirmed', { again: { times: 26, milliseconds: 500 } }),
    step('own-diff', [`show session-config named ${OWN} diffs`]),
    step('enter', [`configure session ${SESSION}`, 'end'], { refusals: 'go-on' }),
    shown('running'),
  ],
  undo: [NO_LOOPBACK],
  judge: (seen) => (seen.worked('arm') === true ? [...armed(seen), ...confirmed(seen)] : []),
}

const isArmed = ({ table }: ListedSessions) => table.armed?.session === SESSION
const isDone = ({ table }: ListedSessions) =>
  table.armed === undefined && table.sessions[SESSION] !== 'armed' && table.sessions[SESSION] !== 'pending'

function armed(seen: ProbeAnswers) {
  const right = seen.lists('armed').find(isArmed)
  return [
    ...shape(seen, right),
    ...atOnce(seen, 'armed', isArmed),
    ...ownTimer(seen, right),
    ...time(seen),
    ...sameWords(seen, 'armed-words', 'armed', seen.text('line', 1), SESSION),
  ]
}

function shape(seen: ProbeAnswers, list: ListedSessions | undefined) {
  if (list === undefined) return []
  const { model, uptime, epoch } = list
  const listed = isJsonObject(model.sessions) ? model.sessions[SESSION] : undefined
  const top = model.commitTimerSessionName === SESSION
  const expires = top
    ? model.commitTimerExpireTime
    : isJsonObject(listed ?? null)
      ? modelOf(listed ?? null).commitBy
      : 0
  const left = (from: number) => Math.abs(Number(expires) - from - SECONDS) <= 10
  const clock = left(uptime) ? 'uptime' : left(epoch) ? 'epoch' : 'neither clock'
  const saw = top ? `top-level by ${clock}` : `state by ${clock}`
  const expected = seen.rules.timerJson === 'top-level' ? 'top-level by uptime' : 'state by epoch'
  const form = top ? 'top-level' : 'state'
  if (form === seen.rules.timerJson) return compared('timer-json', expected, saw)
  return compared('timer-json', expected, saw).map((found) => ({ ...found, fact: { key: 'timerJson', value: form } }))
}

function atOnce(seen: ProbeAnswers, step: string, isRight: (list: ListedSessions) => boolean) {
  const [first, ...others] = seen.lists(step)
  if (first === undefined) return []
  const later = [first, ...others].find(isRight)
  const seconds = later === undefined ? undefined : Math.ceil((later.at - first.at) / 1000)
  return judged(
    'list-at-once',
    isRight(first),
    'the list shows it at once',
    `the list lags ${seconds ?? 'more than it was watched'} s behind`,
    ...(seconds === undefined || seconds === 0 ? [] : [{ key: 'fault.session-list-lag', value: seconds }]),
  )
}

function ownTimer(seen: ProbeAnswers, right: ListedSessions | undefined) {
  const first = seen.lists('armed')[0]
  if (first === undefined) return []
  const left = right?.table.armed?.secondsLeft
  const within =
    right !== undefined && right.at - first.at <= 6000 && left !== undefined && left > 0 && left <= SECONDS + 5
  return judged(
    'own-timer',
    within,
    'the timer that was set is listed within 6 s',
    left === undefined ? 'the timer is not listed within 7 s' : `${left} s are listed of ${SECONDS}`,
  )
}

// A commit may take a little longer than a read: what is beyond five seconds nobody counts on.
function time(seen: ProbeAnswers) {
  const [read, arm] = [seen.all('read')[0], seen.all('arm')[0]]
  if (read === undefined || arm === undefined) return []
  const more = arm.milliseconds - read.milliseconds
  const lines =
    seen
      .text('running')
      ?.split('\n')
      .filter((line) => /^(?!end$)[^!\n]/.test(line)) ?? []
  const thousands = lines.length / 1000
  return judged(
    'commit-time',
    more <= 5000,
    'a commit takes hardly longer than a read',
    `a commit takes ${Math.round(more / 1000)} s longer than a read`,
    ...(more <= 5000 ? [] : [{ key: 'commitSeconds', value: Math.round(more / 1000 / thousands) }]),
  )
}

function confirmed(seen: ProbeAnswers) {
  const lists = seen.lists('confirmed')
  const [first, done] = [lists[0], lists.find(isDone)]
  if (first === undefined) return []
  const refusal = seen.words('confirm')
  const isRun = seen.text('running')?.includes(`\n${LOOPBACK}\n`) === true
  return [
    ...judged(
      'confirm-elsewhere',
      refusal === undefined && done !== undefined && isRun,
      'a commit over another connection confirms',
      `a commit over another connection does not confirm: ${refusal ?? 'the timer still runs, or the lines are gone'}`,
    ),
    ...(refusal === undefined ? atOnce(seen, 'confirmed', isDone) : []),
    ...judged(
      'confirm-settles',
      done !== undefined && done.at - first.at <= 12_000,
      'the list is right within 12 s behind the confirm',
      'the list is not right within 12 s behind the confirm',
    ),
    ...state(seen, done),
    ...sameWords(seen, 'completed-words', 'completed', seen.text('enter'), SESSION),
    ...judged(
      'session-stays',
      done === undefined ? undefined : done.table.sessions[OWN] === 'pending',
      'an empty session stays pending while another one is confirmed',
      'an empty session is gone behind the confirm of another one',
    ),
    ...judged(
      'empty-session-diff',
      seen.worked('own-diff'),
      'the difference of an older empty session is shown',
      `the difference of an older empty session is refused: ${seen.words('own-diff') ?? ''}`,
    ),
  ]
}

function state(seen: ProbeAnswers, done: ListedSessions | undefined) {
  const entry = done === undefined ? undefined : modelOf(done.model.sessions ?? null)[SESSION]
  if (entry === undefined) return []
  const { state: word, description } = modelOf(entry)
  const expected = seen.rules.timerJson === 'top-level' ? 'committed' : 'completed'
  return compared('completed-state', `${expected}, ''`, `${String(word)}, '${String(description)}'`)
}
