import { redact } from '../../../../eos/config/secrets/secrets.ts'
import {
  judged,
  type KitFinding,
  type KitStep,
  type Probe,
  type ProbeAnswers,
  shown,
  step,
  typed,
} from '../contract/probe.ts'
import {
  printedChange,
  type StoredLine,
  sameStored,
  secretsTyped,
  simulatedChange,
  storedLines,
  typedAs,
  typedForm,
  without,
} from '../contract/stored-lines.ts'
import { LINE_GROUPS, type LineGroup, type LineKind } from './line-kinds.ts'

/** K9: what was typed, what the candidate shows, and what running-config shows under the timer. */
export const READ_BACK: Probe = {
  id: 'K9',
  title: 'lines of many kinds: as typed, in the candidate, in running-config',
  requires: 'replays-own-text',
  rows: [
    'candidate-runs',
    'own-blocks',
    'one-instant',
    ...new Set(LINE_GROUPS.flatMap(({ kinds }) => kinds.map(({ row }) => row))),
  ],
  sessions: LINE_GROUPS.map(({ session }) => session),
  steps: () => [shown('before'), ...LINE_GROUPS.flatMap((group, at) => stepsOf(group, LINE_GROUPS[at - 1]))],
  judge: (seen) =>
    LINE_GROUPS.flatMap((group) => [...candidate(seen, group), ...atOnce(seen, group), ...kinds(seen, group)]),
}

function stepsOf(group: LineGroup, last: LineGroup | undefined): readonly KitStep[] {
  const { name, session, isCommitted } = group
  const first = (seen: ProbeAnswers) => (last === undefined ? undefined : notBack(seen, last))
  const committed: readonly KitStep[] = [
    step(`${name}-armed`, [`configure session ${session} commit timer 00:02:00`], {
      unless: (seen) => first(seen) ?? takesAway(seen, group),
    }),
    shown(`${name}-running`, { unless: first }),
    shown(`${name}-later`, { wait: 10, unless: first }),
  ]
  return [
    ...group.kinds.map(
      (kind): KitStep => ({
        name: kind.name,
        format: 'text',
        commands: [...typed(`configure session ${session}`), ...kind.lines, ...typed('end')],
        settles: [kind.row],
        unless: (seen) => first(seen) ?? present(seen, kind),
      }),
    ),
    step(`${name}-candidate`, [`show session-config named ${session}`], { unless: first }),
    ...(isCommitted ? committed : []),
    step(`${name}-abort`, [`configure session ${session} abort`], { refusals: 'go-on', unless: first }),
    shown(`${name}-back`, { wait: 5, unless: first }),
  ]
}

function notBack(seen: ProbeAnswers, { name }: LineGroup) {
  return seen.same('before', `${name}-back`) === true
    ? undefined
    : `running-config is not as before behind the lines of \`${name}\``
}

function present(seen: ProbeAnswers, { lines, unless }: LineKind) {
  const there = storedLines(seen.text('before') ?? '').flatMap((line) => (line.length === 1 ? line : []))
  const found = there.find((line) => line === lines[0]?.cmd || unless?.(line) === true)
  return found === undefined ? undefined : `it has \`${redact(found)}\``
}

const isVlans = (line: StoredLine) => /^vlan [\d,-]+$/.test(line[0] ?? '')

function takesAway(seen: ProbeAnswers, { name }: LineGroup) {
  const [before, shown] = [seen.text('before'), seen.text(`${name}-candidate`)]
  if (before === undefined || shown === undefined) return 'the candidate was not shown'
  const [gone] = printedChange(before, shown).gone.filter((line) => !isVlans(line))
  return gone === undefined ? undefined : `the candidate lacks \`${redact(gone.at(-1) ?? '')}\``
}

function candidate(seen: ProbeAnswers, { name, isCommitted }: LineGroup) {
  const [shown, running] = [seen.text(`${name}-candidate`), seen.text(`${name}-later`)]
  if (!isCommitted || shown === undefined || running === undefined || seen.worked(`${name}-armed`) !== true) return []
  const { gone, come } = printedChange(shown, running)
  const blocks = come.filter((line) => isEmptyBlock(line, come)).map(([line = '']) => line)
  const others = [
    ...gone.map((line) => `- ${redact(line.at(-1) ?? '')}`),
    ...come.filter((line) => !isEmptyBlock(line, come)).map((line) => `+ ${redact(line.at(-1) ?? '')}`),
  ]
  return [
    ...judged(
      'candidate-runs',
      others.length === 0 && blocks.length === 0,
      'behind the commit running-config is the candidate',
      `behind the commit running-config is not the candidate: ${[...others, ...blocks].slice(0, 3).join(', ')}`,
    ),
    ...(blocks.length === 0
      ? []
      : judged(
          'own-blocks',
          others.length === 0,
          `a block that came by itself is empty: ${blocks.join(', ')}`,
          `what came by itself is no empty block: ${others.slice(0, 3).join(', ')}`,
        )),
  ]
}

const isEmptyBlock = (line: StoredLine, all: readonly StoredLine[]) =>
  line.length === 1 && /^interface \S+$/.test(line[0] ?? '') && !all.some((one) => one.length > 1 && one[0] === line[0])

function atOnce(seen: ProbeAnswers, { name }: LineGroup) {
  if (seen.worked(`${name}-armed`) !== true) return []
  return judged(
    'one-instant',
    seen.same(`${name}-running`, `${name}-later`),
    'right behind a commit running-config is what it is ten seconds later',
    'right behind a commit running-config is not what it is ten seconds later',
  )
}

// For each row: the kinds that are stored otherwise, or that all which were taken are stored as the simulator has it.
function kinds(seen: ProbeAnswers, group: LineGroup) {
  const { name, isCommitted } = group
  const [before, after] = [seen.text('before'), seen.text(isCommitted ? `${name}-later` : `${name}-candidate`)]
  const isArmed = !isCommitted || seen.worked(`${name}-armed`) === true
  if (before === undefined || after === undefined || !isArmed) return []
  const { otherwise, taken } = compared(seen, group, before, after)
  const refuting = group.kinds.flatMap((kind) => otherwise.filter((one) => one.kind === kind))
  return [...new Set(group.kinds.map(({ row }) => row))].flatMap((row): readonly KitFinding[] => {
    const bad = refuting.filter(({ kind }) => kind.row === row)
    if (bad.length > 0) return bad.map(({ says }) => ({ row, holds: false, says }))
    return judged(
      row,
      taken.some((kind) => kind.row === row) ? true : undefined,
      'lines are stored as the simulator stores them',
      '',
    )
  })
}

interface StoredOtherwise {
  readonly kind: LineKind
  readonly says: string
}

function compared(seen: ProbeAnswers, group: LineGroup, before: string, after: string) {
  const all = group.kinds.map((kind) => ({ ...kind, kind, lines: takenOf(seen, kind) }))
  const typedAll = all.filter(({ lines }) => lines.length > 0)
  const [simulated, printed] = [simulatedChange(before, seen.start.eos, typedAll), printedChange(before, after)]
  const same = sameStored(secretsTyped(typedAll), after.includes('<redacted>'))
  const lacking = without(simulated.come, printed.come, same)
  const beside = without(printed.come, simulated.come, same)
  const forms = typedAll.map((one) => ({ of: one.kind, lines: typedForm(seen.start.eos, one) }))
  const ownerOf = (line: StoredLine) =>
    group.kinds.find(({ prints }) => prints?.test(line.join(' > ')) === true) ?? typedAs(line, forms)
  const otherwise = group.kinds.flatMap((kind): readonly StoredOtherwise[] => {
    const [expected, found] = [lacking, beside].map((lines) => lines.filter((line) => ownerOf(line) === kind))
    const says = saying(kind, found ?? [], expected ?? [])
    return says === undefined ? [] : [{ kind, says }]
  })
  const taken = all.filter(({ kind, lines }) => lines.length === kind.lines.length).map(({ kind }) => kind)
  return { otherwise, taken }
}

function takenOf(seen: ProbeAnswers, { name, lines }: LineKind) {
  const outcomes = seen.all(name).at(-1)?.outcomes.slice(1) ?? []
  const refused = outcomes.findIndex(({ ok }) => !ok)
  return lines.slice(0, refused < 0 ? outcomes.length : refused)
}

function saying({ name }: LineKind, found: readonly StoredLine[], expected: readonly StoredLine[]) {
  if (found.length === 0 && expected.length === 0) return undefined
  const quoted = (lines: readonly StoredLine[]) => lines.map((line) => `\`${redact(line.at(-1) ?? '')}\``).join(', ')
  const [stored, known] = [quoted(found), quoted(expected)]
  if (found.length === 0) return `${name}: ${known} is not stored`
  if (stored === known) return `${name}: ${stored} is stored with another secret`
  return expected.length === 0 ? `${name}: ${stored} is stored` : `${name}: ${stored} is stored, not ${known}`
}
