import {
  compared,
  judged,
  KIT,
  LOOPBACK,
  LOOPBACK_LINES,
  listing,
  NO_LOOPBACK,
  type Probe,
  type ProbeAnswers,
  sameWords,
  shown,
  step,
} from '../contract/probe.ts'

const [SESSION, OTHER] = [`${KIT}-1`, `${KIT}-2`]

/** K6: what others may do while a timer runs, and what arming once more does. */
export const FOREIGN: Probe = {
  id: 'K6',
  title: 'other sessions while a timer runs',
  requires: 'replays-own-text',
  rows: ['foreign-commit', 'rearm', 'rearm-copy'],
  sessions: [OTHER, SESSION],
  steps: () => [
    shown('before'),
    step('open', [`configure session ${SESSION}`, ...LOOPBACK_LINES, 'end']),
    step('open-other', [`configure session ${OTHER}`, 'end']),
    step('arm', [`configure session ${SESSION} commit timer 00:02:00`]),
    step('other-timer', [`configure session ${OTHER} commit timer 00:02:00`]),
    step('other-commit', [`configure session ${OTHER} commit`]),
    step('hand', ['configure', LOOPBACK, `description ${KIT}-hand`, 'end'], { refusals: 'go-on' }),
    step('rearm', [`configure session ${SESSION} commit timer 00:05:00`]),
    listing('list', { again: { times: 4, milliseconds: 2000 } }),
    step('abort', [`configure session ${SESSION} abort`]),
    shown('running', { again: { times: 5, milliseconds: 3000 } }),
  ],
  undo: [NO_LOOPBACK],
  judge: (seen) => (seen.worked('arm') === true ? [...foreign(seen), ...rearm(seen)] : []),
}

function foreign(seen: ProbeAnswers) {
  return ['other-timer', 'other-commit'].flatMap((step) => {
    const said = seen.worked(step) === true ? 'no refusal' : seen.text(step)
    return sameWords(seen, 'foreign-commit', 'timerOfOther', said, SESSION)
  })
}

function rearm(seen: ProbeAnswers) {
  const left = seen.list('list')?.table.armed?.secondsLeft
  const again = seen.worked('rearm')
  if (again === undefined || left === undefined) return []
  const saw = !again ? 'refuse' : left > 150 ? 'restart' : 'keep'
  const found = compared('rearm', seen.rules.rearm, saw, 'rearm')
  if (saw !== 'restart' || seen.worked('abort') !== true) return found
  return [
    ...found,
    ...judged(
      'rearm-copy',
      seen.same('before', 'running'),
      'behind a second timer an abort brings back what was before the first',
      'behind a second timer an abort brings back another text than before the first',
    ),
  ]
}
