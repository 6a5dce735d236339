import { type ShowAsker, showCommandFault } from '../../../eos/check/assertion/show-command.ts'
import type { Question, WantedValue } from '../../../features/facts/ask-switches.ts'
import { problemOf } from '../../../model/error.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { cutText } from '../../../report/phrases/spoken.ts'
import { type Compilation, compile } from '../../../text/query/compile.ts'

interface TypedQuestion {
  readonly commands: readonly string[]
  readonly query: string | undefined
  readonly table: string | undefined
  // Whether models are wanted although nothing is chosen of them.
  readonly models: boolean
}

const ASKER: ShowAsker = { who: '`ask`', forText: 'leave --json, --query and --table away' }
// So many characters of a command are said again.
const LONGEST = 120
const MOST_COMMANDS = 50
// The beginnings by which EOS takes `show tech-support`, which runs for minutes and prints megabytes.
const SHORT_TECH = /^show\s+te(?:c|ch|ch-|ch-s[a-z]*)?(?:\s|$)/i

export async function questionOf({ commands, query, table, models }: TypedQuestion): Promise<Question> {
  const form = query !== undefined || table !== undefined || models ? 'models' : 'text'
  const problems = commands.flatMap((command) => faultOf(command, form))
  if (commands.length > MOST_COMMANDS) {
    problems.push(
      problemOf('ask', 'too-many', `${commands.length} commands: at most ${MOST_COMMANDS} are asked at once`),
    )
  }
  if (query !== undefined && table !== undefined) {
    problems.push(
      problemOf(
        '--table',
        'bad-flag',
        '--query and --table choose different things of one answer',
        'Give one of them.',
      ),
    )
  }
  const flag = query === undefined ? '--table' : '--query'
  const found = query === undefined ? await columnsOf(table) : [await columnOf(query)]
  const columns = found.flatMap(({ text, compilation }): WantedValue[] => {
    if (compilation.ok) return [{ text, compiled: compilation.compiled }]
    problems.push(problemOf(flag, 'bad-expression', `\`${cutText(text, LONGEST)}\`: ${compilation.message}`))
    return []
  })
  if (problems.length > 0) throw new InputError(problems)
  const wanted =
    found.length === 0 ? {} : { wanted: { kind: query === undefined ? 'table' : 'query', columns } as const }
  return { commands, form, ...wanted }
}

function faultOf(typed: string, form: Question['form']) {
  const fault = showCommandFault(typed, form === 'text', ASKER)
  const command = cutText(typed, LONGEST)
  if (fault !== undefined)
    return [
      problemOf(command, 'not-a-reading', fault, "Write one show command in quotes: 'show ip bgp summary vrf all'."),
    ]
  if (!SHORT_TECH.test(typed) || /^show\s+tech-support(?:\s|$)/.test(typed)) return []
  const hint = 'Write `show tech-support` in full; with a keyword behind it, it prints less.'
  return [
    problemOf(
      command,
      'not-a-reading',
      '`show tech-support` runs for minutes: it is asked by its whole name alone',
      hint,
    ),
  ]
}

async function columnsOf(table: string | undefined): Promise<readonly Column[]> {
  if (table === undefined) return []
  const columns: Column[] = []
  let pieces: readonly string[] = table.split(',')
  while (pieces.length > 0) {
    let taken = 1
    let column = await columnOf(pieces.slice(0, 1).join(','))
    while (!column.compilation.ok && taken < pieces.length) {
      taken += 1
      column = await columnOf(pieces.slice(0, taken).join(','))
    }
    if (!column.compilation.ok) return [...columns, await columnOf(pieces[0] ?? '')]
    columns.push(column)
    pieces = pieces.slice(taken)
  }
  return columns
}

interface Column {
  readonly text: string
  readonly compilation: Compilation
}

async function columnOf(text: string): Promise<Column> {
  return { text: text.trim(), compilation: await compile(text.trim()) }
}
