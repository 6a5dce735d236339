import { rawText } from '../../../../eos/device/device.ts'
import {
  judged,
  KIT,
  LOOPBACK,
  LOOPBACK_LINES,
  listing,
  NO_LOOPBACK,
  type Probe,
  type ProbeAnswers,
  shown,
  step,
} from '../contract/probe.ts'

const [EXPIRED, ABORTED, OWN] = [`${KIT}-1`, `${KIT}-2`, `${KIT}-own`]
const HAND = `description ${KIT}-hand`
// As a rollback looks: four times, three seconds apart.
const FOUR_LOOKS = { times: 5, milliseconds: 3000 }

/** K5: a timer that runs out, an abort under a timer, and which copy the switch goes back to. */
export const EXPIRY: Probe = {
  id: 'K5',
  title: 'a timer that runs out, and an abort',
  requires: 'replays-own-text',
  rows: ['reverts-by-itself', 'expired-session', 'one-instant', 'rollback-settles', 'rollback-copy', 'session-stays'],
  sessions: [EXPIRED, ABORTED, OWN],
  steps: () => [
    shown('before'),
    step('open', [`configure session ${EXPIRED}`, ...LOOPBACK_LINES, 'end']),
    step('arm', [`configure session ${EXPIRED} commit timer 00:01:00`]),
    shown('armed'),
    shown('expiring', { again: { times: 70, milliseconds: 1000 } }),
    shown('expired', { again: FOUR_LOOKS }),
    listing('list'),
    step('log', ['show logging']),
    step('own', [`configure session ${OWN}`, 'end']),
    step('open-second', [`configure session ${ABORTED}`, ...LOOPBACK_LINES, 'end']),
    step('hand', ['configure', LOOPBACK, HAND, 'end']),
    shown('hand-typed'),
    step('arm-second', [`configure session ${ABORTED} commit timer 00:02:00`]),
    shown('armed-second'),
    step('abort', [`configure session ${ABORTED} abort`], { anew: true }),
    shown('aborted', { again: FOUR_LOOKS }),
    listing('list-second'),
  ],
  undo: [NO_LOOPBACK],
  judge: (seen) => [...expiry(seen), ...abort(seen), ...halves(seen), ...own(seen)],
}

const texts = (seen: ProbeAnswers, step: string) => seen.all(step).flatMap(({ outcomes }) => rawText(outcomes[0]) ?? [])

function expiry(seen: ProbeAnswers) {
  const [before, armed, last] = [seen.text('before'), seen.text('armed'), texts(seen, 'expired').at(-1)]
  if (before === undefined || last === undefined || seen.worked('arm') !== true || armed === before) return []
  return [
    ...judged(
      'reverts-by-itself',
      last === before,
      'without a confirm the switch puts itself back',
      'the timer ran out, and running-config is not the one before',
    ),
    ...session(seen),
  ]
}

function session(seen: ProbeAnswers) {
  const state = seen.list('list')?.table.sessions[EXPIRED]
  const log = seen.text('log')
  if (log === undefined || seen.list('list') === undefined) return []
  const kept = seen.rules.keepsAborted ? 'aborted' : undefined
  const isLogged = /on commit timer/.test(log)
  return judged(
    'expired-session',
    state === kept && isLogged,
    'the session is aborted, and its rollback is logged `on commit timer`',
    `the session is ${state ?? 'gone'}, and its rollback is ${isLogged ? '' : 'not '}logged \`on commit timer\``,
  )
}

function abort(seen: ProbeAnswers) {
  const [hand, armed] = [seen.text('hand-typed'), seen.text('armed-second')]
  const last = texts(seen, 'aborted').at(-1)
  if (hand === undefined || last === undefined || armed === hand || seen.worked('arm-second') !== true) return []
  const refusal = seen.words('abort')
  const back = last === hand
  return [
    ...judged(
      'rollback-copy',
      refusal === undefined && back,
      'an abort brings back what the timed commit has replaced, with a line that was typed right before it',
      refusal === undefined
        ? `an abort brings back ${last === seen.text('before') ? 'what was there when the session was opened' : 'another text'}`
        : `the abort is refused: ${refusal}`,
    ),
    ...judged(
      'rollback-settles',
      back,
      'behind an abort running-config is right within four looks',
      'behind an abort running-config is not right within four looks',
    ),
  ]
}

// Each reading is one of the two texts, never a part of one.
function halves(seen: ProbeAnswers) {
  const whole = ['before', 'armed', 'hand-typed', 'armed-second'].map((step) => seen.text(step))
  const read = ['expiring', 'expired', 'aborted'].flatMap((step) => texts(seen, step))
  if (read.length === 0 || whole.includes(undefined)) return []
  const half = read.filter((text) => !whole.includes(text)).length
  return judged(
    'one-instant',
    half === 0,
    `${read.length} readings around a rollback, each a whole`,
    `${half} of ${read.length} readings around a rollback are neither text`,
  )
}

function own(seen: ProbeAnswers) {
  const table = seen.list('list-second')?.table
  return judged(
    'session-stays',
    table === undefined ? undefined : table.sessions[OWN] === 'pending',
    'an empty session stays pending while another one is aborted',
    'an empty session is gone behind the abort of another one',
  )
}
