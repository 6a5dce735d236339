import { rawText } from '../../../../eos/device/device.ts'
import { KIT, type KitStep, LIST, LOOPBACK, LOOPBACK_LINES, NO_LOOPBACK, type Probe, typed } from '../contract/probe.ts'
import { judged, type ProbeAnswers } from '../contract/seen.ts'

const [EXPIRED, ABORTED, OWN] = [`${KIT}-1`, `${KIT}-2`, `${KIT}-own`]
const HAND = `description ${KIT}-hand`
// As a rollback looks: four times, three seconds apart.
const FOUR_LOOKS = { times: 5, milliseconds: 3000 }

const running = (name: string, rest: Partial<KitStep> = {}): KitStep => ({
  name,
  format: 'text',
  commands: typed('show running-config'),
  ...rest,
})

/** K5: a timer that runs out, an abort under a timer, and which copy the switch goes back to. */
export const EXPIRY: Probe = {
  id: 'K5',
  title: 'a timer that runs out, and an abort',
  requires: 'replays-own-text',
  rows: ['reverts-by-itself', 'expired-session', 'one-instant', 'rollback-settles', 'rollback-copy', 'session-stays'],
  sessions: [EXPIRED, ABORTED, OWN],
  steps: () => [
    running('before'),
    { name: 'open', format: 'text', commands: typed(`configure session ${EXPIRED}`, ...LOOPBACK_LINES, 'end') },
    { name: 'arm', format: 'text', commands: typed(`configure session ${EXPIRED} commit timer 00:01:00`) },
    running('armed'),
    running('expiring', { again: { times: 70, milliseconds: 1000 } }),
    running('expired', { again: FOUR_LOOKS }),
    { name: 'list', format: 'json', commands: LIST },
    { name: 'log', format: 'text', commands: typed('show logging') },
    { name: 'own', format: 'text', commands: typed(`configure session ${OWN}`, 'end') },
    { name: 'open-second', format: 'text', commands: typed(`configure session ${ABORTED}`, ...LOOPBACK_LINES, 'end') },
    { name: 'hand', format: 'text', commands: typed('configure', LOOPBACK, HAND, 'end') },
    running('hand-typed'),
    { name: 'arm-second', format: 'text', commands: typed(`configure session ${ABORTED} commit timer 00:02:00`) },
    running('armed-second'),
    { name: 'abort', format: 'text', commands: typed(`configure session ${ABORTED} abort`), anew: true },
    running('aborted', { again: FOUR_LOOKS }),
    { name: 'list-second', format: 'json', commands: LIST },
  ],
  undo: [NO_LOOPBACK],
  judge: (seen) => [...expiry(seen), ...abort(seen), ...halves(seen), ...own(seen)],
}

const texts = (seen: ProbeAnswers, step: string) => seen.all(step).flatMap(({ outcomes }) => rawText(outcomes[0]) ?? [])

function expiry(seen: ProbeAnswers) {
  const [before, armed, last] = [seen.text('before'), seen.text('armed'), texts(seen, 'expired').at(-1)]
  if (before === undefined || last === undefined || seen.worked('arm') !== true || armed === before) return []
  return [
    ...judged('reverts-by-itself', last === before, {
      holds: 'without a confirm the switch puts itself back',
      fails: 'the timer ran out, and running-config is not the one before',
    }),
    ...session(seen),
  ]
}

function session(seen: ProbeAnswers) {
  const state = seen.list('list')?.table.sessions[EXPIRED]
  const log = seen.text('log')
  if (log === undefined || seen.list('list') === undefined) return []
  const kept = seen.rules.keepsAborted ? 'aborted' : undefined
  const isLogged = /on commit timer/.test(log)
  return judged('expired-session', state === kept && isLogged, {
    holds: 'the session is aborted, and its rollback is logged `on commit timer`',
    fails: `the session is ${state ?? 'gone'}, and its rollback is ${isLogged ? '' : 'not '}logged \`on commit timer\``,
  })
}

function abort(seen: ProbeAnswers) {
  const [hand, armed] = [seen.text('hand-typed'), seen.text('armed-second')]
  const all = texts(seen, 'aborted')
  const last = all.at(-1)
  if (hand === undefined || last === undefined || armed === hand || seen.worked('arm-second') !== true) return []
  const refusal = seen.words('abort')
  const back = last === hand
  return [
    ...judged('rollback-copy', refusal === undefined && back, {
      holds: 'an abort brings back what the timed commit has replaced, with a line that was typed right before it',
      fails:
        refusal === undefined
          ? `an abort brings back ${last === seen.text('before') ? 'what was there when the session was opened' : 'another text'}`
          : `the abort is refused: ${refusal}`,
    }),
    ...judged('rollback-settles', back, {
      holds: 'behind an abort running-config is right within four looks',
      fails: 'behind an abort running-config is not right within four looks',
    }),
  ]
}

// Each reading is one of the two texts, never a part of one.
function halves(seen: ProbeAnswers) {
  const whole = ['before', 'armed', 'hand-typed', 'armed-second'].map((step) => seen.text(step))
  const read = ['expiring', 'expired', 'aborted'].flatMap((step) => texts(seen, step))
  if (read.length === 0 || whole.includes(undefined)) return []
  const half = read.filter((text) => !whole.includes(text)).length
  return judged('one-instant', half === 0, {
    holds: `${read.length} readings around a rollback, each a whole`,
    fails: `${half} of ${read.length} readings around a rollback are neither text`,
  })
}

function own(seen: ProbeAnswers) {
  const table = seen.list('list-second')?.table
  return judged('session-stays', table === undefined ? undefined : table.sessions[OWN] === 'pending', {
    holds: 'an empty session stays pending while another one is aborted',
    fails: 'an empty session is gone behind the abort of another one',
  })
}
