import type { ProblemDocument } from './agent-tools.ts'
import { bounded, fitting } from './untrusted.ts'

/** A refusal as an agent reads it: the problem document of the control room, and what a person must do. */
export type AgentRefusal = Omit<ProblemDocument, 'person' | 'terminal'> & { readonly person: string }

/** Bytes of JSON that the words of a refusal have, and all of its problems. */
const [WORDS, PROBLEMS] = [8_000, 16_000]

const PAGE = 'A person looks at it in the control room.'

/** What a person must do where the agent was refused, by the kind of the refusal. */
const DOES: Readonly<Record<string, string>> = {
  input: 'Nobody: correct what was sent. `problems` says where.',
  'not-authorised':
    'A person who has the right does it, or whoever keeps the policy adds a rule for this agent and the person behind it.',
  'window-closed': 'A person who has the right does it when the window is open, or ends the freeze.',
  'not-approved': 'A person has decided about it. Another plan is made, or a person decides anew.',
  'no-route': 'A person checks the name: it is not there, or not for this agent.',
  'too-many': 'Nobody: wait, and ask again. A person can do it at once.',
  busy: 'Nobody: wait, and ask again. A person sees in the control room what it waits for.',
  stale: 'A person compares the two requests. The agent uses another key for another request.',
  bug: 'Whoever runs the server reads its log.',
  store: 'Whoever runs the server reads its log and checks the store.',
}

/** The kinds whose words may hold what a switch has said. */
const OF_SWITCHES: ReadonlySet<string> = new Set([
  'refused',
  'guard',
  'verification',
  'state-failed',
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'protocol',
  'wrong-device',
])

/** A problem document for an agent. What a switch may have said is in a member of that name alone. */
export function refusedWith({ terminal, ...problem }: ProblemDocument): AgentRefusal {
  const { kind, device, problems } = problem
  const does = DOES[kind] ?? PAGE
  const person = terminal === undefined ? does : `${does} At a terminal: ${bounded(terminal, WORDS)}`
  const detail = bounded(problem.detail, WORDS)
  // Each may repeat what was sent.
  const short = Array.isArray(problems) ? problems.map(shortened) : undefined
  const listed = short === undefined ? {} : { problems: fitting(short, PROBLEMS), problemCount: short.length }
  if (device === undefined && !OF_SWITCHES.has(kind)) return { ...problem, ...listed, detail, person }
  return { ...problem, ...listed, detail: `it failed: ${kind}`, untrusted_detail: detail, person }
}

function shortened(problem: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const texts = Object.entries(problem).map(([name, value]) => [
    name,
    typeof value === 'string' ? bounded(value, WORDS / 4) : value,
  ])
  return Object.fromEntries(texts)
}
