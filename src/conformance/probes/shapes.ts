import { KIT, LIST, type Probe, typed } from '../probe.ts'
import { compared, judged, modelOf, type ProbeAnswers } from '../seen.ts'

/** K1: the shapes of what is read, and the words for what is refused. */
export const SHAPES: Probe = {
  id: 'K1',
  title: 'shapes of answers, words of refusals',
  rows: ['one-revision', 'detail-text', 'first-word-token', 'incomplete-words', 'comment-in-exec', 'refusal-codes'],
  sessions: [],
  steps: () => [
    { name: 'list', format: 'json', commands: LIST },
    {
      name: 'first-revision',
      format: 'json',
      commands: [{ cmd: 'show configuration sessions detail', revision: 1 }],
    },
    { name: 'detail', format: 'text', commands: typed('show configuration sessions detail') },
    {
      name: 'no-command',
      format: 'text',
      commands: typed('eosflowkit command', 'show', `!${KIT}`),
      refusals: 'go-on',
    },
    { name: 'users', format: 'text', commands: typed('show users', 'show clock'), refusals: 'go-on' },
  ],
  judge: (seen) => [
    ...oneRevision(seen),
    ...compared('detail-text', seen.rules.detailText, detailText(seen.text('detail')), 'detailText'),
    ...compared('first-word-token', seen.rules.firstWordToken, firstToken(seen), 'firstWordToken'),
    ...compared('incomplete-words', seen.rules.incomplete, incomplete(seen), 'incomplete'),
    ...comment(seen),
    ...code(seen),
  ],
}

function oneRevision(seen: ProbeAnswers) {
  const [list, first] = [seen.outcome('list', 1), seen.outcome('first-revision')]
  if (list?.ok !== true || first?.ok !== true) return []
  const keys = (result: typeof list.result): string => Object.keys(modelOf(result)).sort().join(', ')
  return compared('one-revision', keys(list.result), keys(first.result))
}

function detailText(text: string | undefined): 'table' | 'lines' | undefined {
  if (text === undefined) return undefined
  return /^Merge on commit is /m.test(text) ? 'lines' : 'table'
}

/** Over a terminal no token is named, so that nothing is seen. */
function firstToken(seen: ProbeAnswers): 0 | 1 | undefined {
  const token = /at token ([01]): 'eosflowkit'/.exec(seen.words('no-command') ?? '')?.[1]
  return token === undefined ? undefined : token === '1' ? 1 : 0
}

/** A terminal has words of its own, whatever the version. */
function incomplete(seen: ProbeAnswers): string | undefined {
  if (seen.start.isTyped) return undefined
  return /^Incomplete \w+/.exec(seen.words('no-command', 1) ?? '')?.[0]
}

function comment(seen: ProbeAnswers) {
  const text = seen.text('no-command', 2)
  return judged('comment-in-exec', text === undefined ? undefined : text.trim() === '', {
    holds: 'a comment in exec mode prints nothing',
    fails: `a comment in exec mode prints \`${text?.trim() ?? ''}\``,
  })
}

function code(seen: ProbeAnswers) {
  const outcome = seen.outcome('no-command')
  return compared('refusal-codes', 1002, outcome?.ok === false ? outcome.code : undefined)
}
