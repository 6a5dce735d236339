import type { TemplateFault } from '../../../jinja/fault.ts'
import { readTemplate } from '../../../jinja/names.ts'
import { render } from '../../../jinja/render.ts'
import { valueFrom } from '../../../jinja/value/from-variables.ts'
import { hostsOfPattern } from '../../../roster/ansible/pattern.ts'
import type { Roster, RosterMap, RosterValue } from '../../../roster/roster.ts'
import { decodeText, GENERATED_LIMIT } from '../../../source/text.ts'
import type { Tree } from '../../../source/tree.ts'
import { expressionOf, hasTemplate, NotTakenError, settings } from './jinja-text.ts'
import { type NotTaken, type Play, type PlayTask, taskWords } from './play.ts'
import { isIdleTask, lastOf, linesOfTask, type TaskLines } from './task-lines.ts'

/** What of Ansible a change is made with. */
export interface AnsibleProject {
  readonly tree: Tree
  readonly roster: Roster
  /** The hosts that are switches. */
  readonly switches: readonly string[]
  /** The names that templates of hosts may read: all variables of all switches. */
  readonly variables: ReadonlySet<string>
}

/** A play as a change: which switches, the template of its lines, and what of it is in no plan. */
export interface PlayChange {
  readonly play: Play
  readonly targets: string
  readonly mode: 'merge' | 'replace'
  readonly template: string
  readonly taken: readonly PlayTask[]
  readonly notTaken: readonly NotTaken[]
  readonly notes: readonly string[]
}

/** What Ansible gives to each template, and `vars: ansible` too. */
const GIVEN = ['inventory_hostname', 'inventory_hostname_short', 'group_names', 'hostvars', 'device', 'fabric', 'omit']

/** A task that is taken: its part of the template. */
interface Part {
  readonly task: PlayTask
  readonly lines: TaskLines
  readonly text: string
}

/** Makes a change of a play. */
export function changeOfPlay(play: Play, project: AnsibleProject): PlayChange {
  const targets = targetsOf(play, project)
  if ('why' in targets) {
    const left = play.tasks.map((task) => ({ at: task.at, what: taskWords(task), why: targets.why, ...idleOf(task) }))
    const notTaken = [...play.notTaken, ...left]
    return { play, targets: '', mode: 'merge', template: '', taken: [], notTaken, notes: [] }
  }
  const { facts, set, parts, left } = partsOf(play, project)
  const [whole] = parts.filter(({ lines }) => lines.mode === 'replace')
  const kept = whole === undefined ? parts : [whole]
  const why = 'a whole configuration is replaced in the same play'
  const others = parts.flatMap(({ task }) =>
    kept.some((part) => part.task === task) ? [] : [{ at: task.at, what: taskWords(task), why }],
  )
  const body = [...facts, ...kept.map(({ text }) => text)].join('\n')
  return {
    play,
    targets: targets.selector,
    mode: whole === undefined ? 'merge' : 'replace',
    template: [...preludeOf(play, body, project.tree), body, ''].join('\n'),
    taken: [...set, ...kept.map(({ task }) => task)],
    notTaken: [...play.notTaken, ...left, ...others],
    notes: kept.flatMap(({ task, lines }) => [
      ...lines.notes.map((note) => `${task.at.file}:${task.at.line}: ${note}`),
      ...task.dropped.map((word) => `${task.at.file}:${task.at.line}: \`${word}\` is not taken over`),
    ]),
  }
}

/** The tasks of a play in their order: those that set facts, those with lines, and those that are left. */
function partsOf(play: Play, project: AnsibleProject) {
  const written = new Map<string, string>()
  const [facts, parts, left]: [string[], Part[], NotTaken[]] = [[], [], []]
  const [set, idle]: [PlayTask[], PlayTask[]] = [[], []]
  for (const task of play.tasks) {
    try {
      if (task.module === 'template') {
        noteWritten(task, project, written)
        idle.push(task)
      } else if (task.module === 'set_fact') {
        facts.push(partOf(task, play, project, { written, facts }).text)
        set.push(task)
      } else parts.push(partOf(task, play, project, { written, facts }))
    } catch (error) {
      if (!(error instanceof NotTakenError)) throw error
      left.push({ at: task.at, what: taskWords(task), why: error.message, ...idleOf(task, error) })
    }
  }
  // A fact without a line that could read it is nothing.
  if (parts.length === 0) idle.push(...set.splice(0))
  for (const task of idle)
    left.push({ at: task.at, what: taskWords(task), why: 'by itself it changes no switch', isIdle: true })
  return { facts, set, parts, left }
}

function idleOf(task: PlayTask, error?: NotTakenError): Pick<NotTaken, 'isIdle'> {
  return isIdleTask(task) || error?.isIdle === true ? { isIdle: true } : {}
}

interface Before {
  readonly written: ReadonlyMap<string, string>
  readonly facts: readonly string[]
}

function partOf(task: PlayTask, play: Play, project: AnsibleProject, { written, facts }: Before): Part {
  const lines = linesOfTask(task, { tree: project.tree, written })
  const when = task.when.filter((condition) => !isAboutSystem(condition))
  const isFact = task.module === 'set_fact'
  if (isFact && task.loop !== undefined) throw new NotTakenError('a fact that is set in a loop is not taken over')
  const inner = [...settings(task.vars), ...(isFact ? settings(without(task.args, 'cacheable')) : []), lines.text]
  const judged =
    when.length === 0
      ? inner
      : [`{% if ${when.map((condition) => `(${plainCondition(condition)})`).join(' and ')} %}`, ...inner, '{% endif %}']
  const looped =
    task.loop === undefined
      ? judged
      : [`{% for ${task.loop.variable} in ${itemsOf(task.loop)} %}`, ...judged, '{% endfor %}']
  const text = [`{# ${task.at.file}:${task.at.line} ${taskWords(task).replaceAll('#}', '')} #}`, ...looped]
    .filter((line) => line !== '')
    .join('\n')
  requireKnown([...preludeOf(play, text, project.tree), ...facts, text].join('\n'), play.params, project)
  return { task, lines, text }
}

/** The list of a loop as an expression: `with_items` takes lists within it apart. */
function itemsOf({ items, isFlat }: NonNullable<PlayTask['loop']>): string {
  const list = expressionOf(items)
  const mayHold = !Array.isArray(items) || items.some((item) => Array.isArray(item) || hasTemplate(item))
  return isFlat && mayHold ? `${list} | flatten(1)` : list
}

/** Throws {@link NotTakenError} where a template reads what only a run knows, or cannot be read. */
function requireKnown(text: string, params: readonly string[], { tree, variables }: AnsibleProject): void {
  const known = [...variables, ...params, ...GIVEN]
  const { faults, templates } = readTemplate(text, known)
  const [fault] = faults
  if (fault !== undefined) throw new NotTakenError(reasonOf(fault))
  for (const { name } of templates) {
    const read = textIn(tree, name)
    if (read === undefined) continue
    const [inner] = readTemplate(read, [...known, ...setIn(text)]).faults
    if (inner !== undefined) throw new NotTakenError(`${name}: ${reasonOf(inner)}`)
  }
}

function reasonOf({ message }: TemplateFault): string {
  const [, name] = /^`(\w+)` is not defined$/.exec(message) ?? []
  if (name === undefined) return message
  return `\`${name}\` is no variable of a switch: it is a fact, a result, or given at the run`
}

/** The names that a text sets. */
function setIn(text: string): readonly string[] {
  return [...text.matchAll(/\{%-?\s*(?:set|for)\s+(\w+)/g)].map(([, name]) => name ?? '')
}

/** The values of a play and of its roles that a text, a template that it includes, or another such value names, each after those that it names. */
function preludeOf({ vars, defaults }: Play, text: string, tree: Tree): readonly string[] {
  const rows = [...rowsOf(defaults, true), ...rowsOf(vars, false)]
  const included = [...text.matchAll(/\{% include '([^']+)' %\}/g)].map(([, file = '']) => textIn(tree, file) ?? '')
  const isAnyNamed = /\{% include (?!')/.test(text)
  const seen = [text, ...included].join('\n')
  const wanted = rows.filter(({ name }) => isAnyNamed || names(seen, name))
  for (const { text: row } of wanted)
    for (const other of rows) if (!wanted.includes(other) && names(row, other.name)) wanted.push(other)
  return ordered(wanted).map(({ text: row }) => row)
}

interface Setting {
  readonly name: string
  readonly text: string
}

function rowsOf(values: RosterMap, isWeak: boolean): readonly Setting[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name) || name.startsWith('ansible_')) return []
    const text = settingOf(name, value, isWeak)
    return text === undefined ? [] : [{ name, text }]
  })
}

/** Undefined for a value that no template may hold: what names it is not taken. */
function settingOf(name: string, value: RosterValue, isWeak: boolean): string | undefined {
  try {
    return settings({ [name]: value }, isWeak).join('')
  } catch (error) {
    if (error instanceof NotTakenError) return undefined
    throw error
  }
}

function ordered(rows: readonly Setting[]): readonly Setting[] {
  const left = [...rows]
  const made: Setting[] = []
  while (left.length > 0) {
    const free = left.findIndex((row) => left.every((other) => other.name === row.name || !names(row.text, other.name)))
    made.push(...left.splice(Math.max(free, 0), 1))
  }
  return made
}

function names(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text)
}

function textIn(tree: Tree, file: string): string | undefined {
  const bytes = tree.file(file)
  const read = bytes === undefined ? undefined : decodeText(bytes, file, GENERATED_LIMIT)
  return read?.ok === true ? read.value : undefined
}

/** Whether a condition only asks for the system of the switch, and holds for EOS. Throws {@link NotTakenError} for that of another. */
function isAboutSystem(condition: string): boolean {
  if (!/\bansible_network_os\b/.test(condition)) return false
  const holds = ['eos', 'arista.eos.eos'].map((system) => {
    const rendered = render(
      { file: '', text: `{{ (${plainCondition(condition)}) | bool }}` },
      { variables: [['ansible_network_os', valueFrom(system)]] },
    )
    return rendered.ok ? rendered.text : undefined
  })
  if (holds.includes('True')) return true
  if (holds.includes(undefined)) throw new NotTakenError(`its condition is known only in a run: ${condition}`)
  throw new NotTakenError('it is for switches of another system')
}

/** A condition without the braces that some write around it. */
function plainCondition(condition: string): string {
  return condition.trim().replace(/^\{\{([\s\S]*)\}\}$/, '$1')
}

/** Notes the file that a task writes from a template: a later task may load it. */
function noteWritten({ args, folders }: PlayTask, { tree }: AnsibleProject, written: Map<string, string>): void {
  const { src, dest } = args
  if (typeof src !== 'string' || typeof dest !== 'string') throw new NotTakenError('its `src` or `dest` is no text')
  const made = linesOfTask(
    {
      name: '',
      module: 'eos_config',
      args: { src },
      at: { file: '', line: 1, column: 1 },
      when: [],
      vars: {},
      folders,
      dropped: [],
    },
    { tree, written },
  )
  const [, template] = /^\{% include '(.*)' %\}$/.exec(made.text) ?? []
  if (template === undefined) throw new NotTakenError('the name of its template is known only in a run')
  written.set(lastOf(dest), template)
}

function without(values: RosterMap, key: string): RosterMap {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key))
}

/** The selector of the switches that a pattern of Ansible means; why there is none. */
function targetsOf(
  { hosts, at }: Play,
  { roster, switches }: AnsibleProject,
): { readonly selector: string } | { readonly why: string } {
  const given = /^\{\{.*\bdefault\(\s*['"]([^'"]+)['"]\s*\)\s*\}\}$/.exec(hosts.trim())?.[1] ?? hosts
  if (given.includes('{{')) return { why: `\`hosts: ${given}\` is known only in a run: write a group` }
  const named = hostsOfPattern(roster, given, at)
  if (!named.ok) return { why: `\`hosts: ${given}\` means no host of the inventory` }
  const meant = new Set(named.value.filter((name) => switches.includes(name)))
  if (meant.size === 0) return { why: `\`hosts: ${given}\` means no switch` }
  if (meant.size === switches.length) return { selector: "'*'" }
  const isGroup = roster.groups.has(given) && !given.includes(':')
  return { selector: isGroup ? `group:${given}` : [...meant].join(' or ') }
}
