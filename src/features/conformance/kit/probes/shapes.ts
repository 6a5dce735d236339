import {
  compared,
  judged,
  KIT,
  listing,
  modelOf,
  overEapi,
  type Probe,
  type ProbeAnswers,
  shown,
  step,
  typed,
} from '../contract/probe.ts'

// Words that no command begins with, so that each answer names the request that it is of.
const WORDS = Array.from({ length: 16 }, (_, at) => `${KIT.replace('-', '')}${String(at + 1).padStart(2, '0')}`)
const [FIRST_WORD = '', ...OTHER_WORDS] = WORDS

/** K1: the shapes of what is read, and the words for what is refused. */
export const SHAPES: Probe = {
  id: 'K1',
  title: 'shapes of answers, words of refusals',
  rows: [
    'one-revision',
    'detail-text',
    'first-word-token',
    'incomplete-words',
    'comment-in-exec',
    'refusal-codes',
    'many-at-once',
    'wrong-password',
  ],
  sessions: [],
  steps: () => [
    listing('list'),
    {
      name: 'first-revision',
      format: 'json',
      commands: [{ cmd: 'show configuration sessions detail', revision: 1 }],
    },
    step('detail', ['show configuration sessions detail']),
    step('no-command', ['eosflowkit command', 'show', `!${KIT}`], { refusals: 'go-on' }),
    step('users', ['show users', 'show clock'], { refusals: 'go-on' }),
    step('at-once', [FIRST_WORD], {
      beside: OTHER_WORDS.map((word) => typed(word)),
      unless: overEapi,
    }),
    shown('lockout'),
    step('wrong-password', ['show clock'], { login: 'wrong-password', mayFail: true, unless: locksOut }),
  ],
  judge: (seen) => [
    ...oneRevision(seen),
    ...compared('detail-text', seen.rules.detailText, detailText(seen.text('detail')), 'detailText'),
    ...compared('first-word-token', seen.rules.firstWordToken, firstToken(seen), 'firstWordToken'),
    ...compared('incomplete-words', seen.rules.incomplete, incomplete(seen), 'incomplete'),
    ...comment(seen),
    ...code(seen),
    ...atOnce(seen),
    ...wrongPassword(seen),
  ],
}

function locksOut(seen: ProbeAnswers): string | undefined {
  if (seen.start.isTyped) return 'it is tried over eAPI alone'
  const running = seen.text('lockout')
  if (running === undefined) return 'running-config was not shown'
  return /^aaa authentication policy lockout /m.test(running) ? 'it locks users out whose logins fail' : undefined
}

function atOnce(seen: ProbeAnswers) {
  const steps = WORDS.map((word, at) => ({ word, step: at === 0 ? 'at-once' : `at-once-${at + 1}` }))
  const answered = steps.filter(({ step }) => seen.all(step).length > 0)
  const [failure] = steps.flatMap(({ step }) => seen.failure(step)?.message ?? [])
  if (answered.length === 0 && failure === undefined) return []
  const others = answered.filter(({ word, step }) => seen.words(step)?.includes(word) !== true).length
  return judged(
    'many-at-once',
    answered.length === WORDS.length && others === 0,
    `${WORDS.length} requests at one time have an answer each`,
    others > 0
      ? `of ${WORDS.length} requests at one time ${others} are answered as another one`
      : `of ${WORDS.length} requests at one time ${answered.length} are answered: ${failure ?? ''}`,
  )
}

function wrongPassword(seen: ProbeAnswers) {
  const failure = seen.failure('wrong-password')
  // Where nothing was heard nothing is known of the login.
  const isHeard = failure === undefined ? seen.all('wrong-password').length > 0 : HEARD.has(failure.error)
  if (!isHeard) return []
  const says = failure?.says?.trim() ?? ''
  return judged(
    'wrong-password',
    failure?.error === 'unauthenticated' && says === DENIED,
    `a wrong password is HTTP 401 with \`${DENIED}\``,
    failure === undefined ? 'a wrong password is let in' : `a wrong password: ${failure.message}, \`${says}\``,
  )
}

const HEARD: ReadonlySet<string> = new Set(['unauthenticated', 'protocol', 'lost-answer', 'refused'])
const DENIED = 'Unable to authenticate user: Bad username/password combination'

function oneRevision(seen: ProbeAnswers) {
  const [list, first] = [seen.outcome('list', 1), seen.outcome('first-revision')]
  if (list?.ok !== true || first?.ok !== true) return []
  const keys = (result: typeof list.result) => Object.keys(modelOf(result)).sort().join(', ')
  return compared('one-revision', keys(list.result), keys(first.result))
}

function detailText(text: string | undefined) {
  if (text === undefined) return undefined
  return /^Merge on commit is /m.test(text) ? 'lines' : 'table'
}

// Over a terminal no token is named, so that nothing is seen.
function firstToken(seen: ProbeAnswers) {
  const token = /at token ([01]): 'eosflowkit'/.exec(seen.words('no-command') ?? '')?.[1]
  return token === undefined ? undefined : token === '1' ? 1 : 0
}

function incomplete(seen: ProbeAnswers) {
  if (seen.start.isTyped) return undefined
  return /^Incomplete \w+/.exec(seen.words('no-command', 1) ?? '')?.[0]
}

function comment(seen: ProbeAnswers) {
  const text = seen.text('no-command', 2)
  return judged(
    'comment-in-exec',
    text === undefined ? undefined : text.trim() === '',
    'a comment in exec mode prints nothing',
    `a comment in exec mode prints \`${text?.trim() ?? ''}\``,
  )
}

function code(seen: ProbeAnswers) {
  const outcome = seen.outcome('no-command')
  return compared('refusal-codes', 1002, outcome?.ok === false ? outcome.code : undefined)
}
