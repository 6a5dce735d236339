import {
  compared,
  judged,
  KIT,
  LOOPBACK,
  LOOPBACK_LINES,
  listing,
  type Probe,
  type ProbeAnswers,
  sameWords,
  step,
} from '../contract/probe.ts'

const [FIRST, EMPTY, ABSENT] = [`${KIT}-1`, `${KIT}-2`, `${KIT}-9`]
// With the empty one as many as a switch takes, and one more.
const MORE = [3, 4, 5, 6, 7].map((number) => `${KIT}-${number}`)
// As long as a name may be, so that the prompt shows where it is cut.
const LONG = `${KIT}-0123456789-0123456789-012345`

/** K2: the life of a config session, and what the switch says at each of its ends. */
export const SESSION_LIFE: Probe = {
  id: 'K2',
  title: 'the life of a config session',
  rows: [
    'silent-lines',
    'diff-dialect',
    'session-stays',
    'keeps-aborted',
    'abort-again',
    'not-found-words',
    'refusal-codes',
    'owner-gone',
    'short-words',
    'prompt-session',
    'too-many-words',
  ],
  sessions: [FIRST, EMPTY, LONG, ...MORE],
  steps: () => [
    step('open', [`configure session ${FIRST}`, ...LOOPBACK_LINES, 'end', `show session-config named ${FIRST} diffs`]),
    step('empty', [`configure session ${EMPTY}`, 'end']),
    listing('list'),
    step('abort', [`configure session ${FIRST} abort`]),
    listing('list-aborted'),
    step('abort-again', [`configure session ${FIRST} abort`]),
    step('absent', [`configure session ${ABSENT} commit`]),
    step('gone', [`show session-config named ${ABSENT} diffs`, 'show clock']),
    step('shortened', [`configure session ${EMPTY}`, LOOPBACK, 'desc eosflow-kit', 'end'], { refusals: 'go-on' }),
    step('long-name', [`configure session ${LONG}`, 'end', `configure session ${LONG} abort`], { refusals: 'go-on' }),
    step('one-too-many', [...MORE.flatMap((session) => [`configure session ${session}`, 'end'])], {
      refusals: 'go-on',
    }),
  ],
  judge: (seen) => [
    ...silent(seen),
    ...compared('diff-dialect', seen.rules.diffStyle, dialect(seen.text('open', 4)), 'diffStyle'),
    ...stays(seen),
    ...aborted(seen),
    ...sameWords(seen, 'not-found-words', 'notFound', seen.text('absent'), ABSENT),
    ...compared('refusal-codes', 1000, codeOf(seen)),
    ...ownerGone(seen),
    ...shortened(seen),
    ...prompt(seen),
    ...tooMany(seen),
  ],
}

function silent(seen: ProbeAnswers) {
  const [first, second] = [seen.text('open', 1), seen.text('open', 2)]
  if (first === undefined || second === undefined) return []
  const printed = `${first}${second}`.trim()
  return judged(
    'silent-lines',
    printed === '',
    'a line that is taken prints nothing',
    `lines that are taken print \`${printed}\``,
  )
}

function dialect(diff: string | undefined) {
  if (diff === undefined || !/^\+\s*interface Loopback987/m.test(diff)) return undefined
  return /^@@ /m.test(diff) ? 'unified' : 'sectioned'
}

function stays(seen: ProbeAnswers) {
  const table = seen.list('list')?.table
  return judged(
    'session-stays',
    table === undefined ? undefined : table.sessions[EMPTY] === 'pending',
    'a session in which nothing was typed is pending when its mode is left',
    `a session in which nothing was typed is ${table?.sessions[EMPTY] ?? 'gone'} when its mode is left`,
  )
}

function aborted(seen: ProbeAnswers) {
  const state = seen.list('list-aborted')?.table.sessions
  if (state === undefined || seen.worked('abort') !== true) return []
  const kept = state[FIRST] === 'aborted'
  const again = seen.text('abort-again')
  return [
    ...compared('keeps-aborted', seen.rules.keepsAborted, kept, 'keepsAborted'),
    ...(kept && again !== undefined
      ? judged(
          'abort-again',
          again.trim() === '',
          'the abort of an aborted session says nothing',
          `the abort of an aborted session says \`${again.trim()}\``,
        )
      : []),
  ]
}

function codeOf(seen: ProbeAnswers) {
  const outcome = seen.outcome('absent')
  return outcome?.ok === false ? outcome.code : undefined
}

function ownerGone(seen: ProbeAnswers) {
  const shown = seen.worked('gone')
  if (shown === undefined) return []
  return judged(
    'owner-gone',
    !shown && seen.outcome('gone', 1) === undefined,
    'a request stops where it shows a session that is gone',
    'a request goes on that shows a session which is gone',
  )
}

function shortened(seen: ProbeAnswers) {
  const taken = seen.worked('shortened', 2)
  if (taken === undefined) return []
  const expected = seen.start.isTyped
  return judged(
    'short-words',
    taken === expected,
    taken ? 'a shortened word is taken in a submode' : 'a shortened word is refused in a submode',
    taken ? 'a shortened word is taken in a submode over eAPI' : 'a shortened word is refused in a submode',
  )
}

function prompt(seen: ProbeAnswers) {
  const shown = seen.all('long-name').at(-1)?.prompts?.[0]
  const name = shown === undefined ? undefined : /\(config-s-([^()]*)\)/.exec(shown)?.[1]
  return compared('prompt-session', seen.rules.promptSession, name?.length, 'promptSession')
}

function tooMany(seen: ProbeAnswers) {
  const last = (MORE.length - 1) * 2
  if (seen.list('list')?.table.maxOpenSessions !== MORE.length) return []
  return sameWords(seen, 'too-many-words', 'tooManySessions', seen.text('one-too-many', last))
}
