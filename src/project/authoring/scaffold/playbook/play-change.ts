import { hostsOfPattern } from '../../../../change/roster/ansible/pattern.ts'
import type { Roster, RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import { visibleLine } from '../../../../report/text/text.ts'
import { readTemplate } from '../../../../text/jinja/names.ts'
import { valueFrom } from '../../../../text/jinja/object/from-variables.ts'
import { render } from '../../../../text/jinja/render.ts'
import type { TemplateFault } from '../../../../text/jinja/value/value.ts'
import { decodeText, GENERATED_LIMIT, type Tree } from '../../../../text/source/located.ts'
import { expressionOf, hasTemplate, NotTakenError, requireName, settings } from './jinja-text.ts'
import { type NotTaken, type Play, type PlayTask, taskWords } from './play.ts'
import { isIdleTask, linesOfTask, type TaskLines, templateFile, type WrittenFile } from './task-lines.ts'

function preludeOf(play: Play, text: string, tree: Tree) {
  const rows = rowsOf(play)
  const included = includedBy(text, tree)
  const isAnyNamed = /\{% include (?!')/.test(text)
  const seen = wordsOf([text, ...included].join('\n'))
  const wanted = new Set(rows.filter(({ name }) => isAnyNamed || seen.has(name)))
  for (const { words } of wanted) for (const other of rows) if (words.has(other.name)) wanted.add(other)
  return ordered([...wanted]).map(({ text: row }) => row)
}

function includedBy(text: string, tree: Tree) {
  return [...text.matchAll(/\{% include '([^']+)' %\}/g)].map(([, file = '']) => textIn(tree, file) ?? '')
}

interface PlayValue {
  readonly name: string
  readonly text: string
  readonly words: ReadonlySet<string>
}

const known = new WeakMap<Play, readonly PlayValue[]>()

function rowsOf(play: Play) {
  const rows = known.get(play) ?? [...settingsOf(play.defaults, true), ...settingsOf(play.vars, false)]
  known.set(play, rows)
  return rows
}

function settingsOf(values: RosterMap, isWeak: boolean): readonly PlayValue[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (name.startsWith('ansible_')) return []
    const text = settingOf(name, value, isWeak)
    return text === undefined ? [] : [{ name, text, words: wordsOf(text) }]
  })
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g))
}

function settingOf(name: string, value: RosterValue, isWeak: boolean) {
  try {
    return settings({ [name]: value }, isWeak).join('')
  } catch (error) {
    if (error instanceof NotTakenError) return undefined
    throw error
  }
}

const unclear = new WeakMap<Play, ReadonlyMap<string, string>>()

function unclearOf(play: Play) {
  const found = unclear.get(play)
  if (found !== undefined) return found
  const unheld = Object.entries({ ...play.defaults, ...play.vars }).flatMap(([name, value]) =>
    name.startsWith('ansible_') || settingOf(name, value, false) !== undefined ? [] : [name],
  )
  const made = new Map(unheld.map((name) => [name, 'has a value that is a secret or has statements']))
  for (const [name, why] of play.unclear) made.set(name, why)
  unclear.set(play, made)
  return made
}

function ordered(rows: readonly PlayValue[]) {
  const left = [...rows]
  const made: PlayValue[] = []
  while (left.length > 0) {
    const free = left.findIndex((row) => left.every((other) => other.name === row.name || !row.words.has(other.name)))
    made.push(...left.splice(Math.max(free, 0), 1))
  }
  return made
}

function textIn(tree: Tree, name: string) {
  const file = name.replace(/^\.\.\/\.\.\//, '')
  const bytes = tree.file(file)
  const read = bytes === undefined ? undefined : decodeText(bytes, file, GENERATED_LIMIT)
  return read?.ok === true ? read.value : undefined
}

export interface AnsibleProject {
  readonly tree: Tree
  readonly roster: Roster
  readonly switches: readonly string[]
  readonly variables: ReadonlySet<string>
  readonly systems: readonly string[]
}

export interface PlayChange {
  readonly play: Play
  readonly targets: string
  readonly mode: 'merge' | 'replace'
  readonly template: string
  readonly taken: readonly PlayTask[]
  readonly notTaken: readonly NotTaken[]
  readonly notes: readonly string[]
}

// What Ansible gives to each template, and `vars: ansible` too.
const GIVEN = ['inventory_hostname', 'inventory_hostname_short', 'group_names', 'hostvars', 'device', 'fabric']

interface Part {
  readonly task: PlayTask
  readonly lines: TaskLines
  readonly text: string
  readonly isFact: boolean
}

export function changeOfPlay(play: Play, project: AnsibleProject): PlayChange {
  const targets = targetsOf(play, project)
  if ('why' in targets) {
    const left = play.tasks.map((task) => ({ at: task.at, what: taskWords(task), why: targets.why, ...idleOf(task) }))
    const notTaken = [...play.notTaken, ...left]
    return { play, targets: '', mode: 'merge', template: '', taken: [], notTaken, notes: [] }
  }
  const { parts, left } = partsOf(play, project)
  const whole = parts.find(({ lines }) => lines.mode === 'replace')
  const kept = whole === undefined ? parts : parts.filter((part) => part === whole || part.isFact)
  const why = 'a whole configuration is replaced in the same play'
  const others = parts.flatMap((part) =>
    kept.includes(part) ? [] : [{ at: part.task.at, what: taskWords(part.task), why }],
  )
  const body = kept.map(({ text }) => text).join('\n')
  return {
    play,
    targets: targets.selector,
    mode: whole === undefined ? 'merge' : 'replace',
    template: [...preludeOf(play, body, project.tree), body, ''].join('\n'),
    taken: kept.map(({ task }) => task),
    notTaken: [...play.notTaken, ...left, ...others],
    notes: kept.flatMap(({ task, lines }) => [
      ...lines.notes.map((note) => `${task.at.file}:${task.at.line}: ${note}`),
      ...task.dropped.map((word) => `${task.at.file}:${task.at.line}: \`${word}\` is not taken over`),
    ]),
  }
}

function partsOf(play: Play, project: AnsibleProject) {
  const written: WrittenFile[] = []
  const [parts, left]: [Part[], NotTaken[]] = [[], []]
  const idle: PlayTask[] = []
  const tasks = play.tasks.filter((task) => !judges(task))
  const ended = tasks.findIndex(mayEnd)
  for (const [index, task] of tasks.entries()) {
    try {
      requireNotEnded(task, index > ended ? tasks[ended] : undefined)
      noteEdited(task, written)
      if (task.module === 'template') {
        idle.push(task)
        noteWritten(task, project, written)
      } else parts.push(partOf(task, play, project, { written, before: parts }))
    } catch (error) {
      if (!(error instanceof NotTakenError)) throw error
      if (idle.at(-1) === task) idle.pop()
      left.push({ at: task.at, what: taskWords(task), why: error.message, ...idleOf(task, error) })
    }
  }
  // A fact without a line that could read it is nothing.
  if (parts.every(({ isFact }) => isFact)) idle.push(...parts.splice(0).map(({ task }) => task))
  for (const task of idle)
    left.push({ at: task.at, what: taskWords(task), why: 'by itself it changes no switch', isIdle: true })
  return { parts, left: [...left, ...judgementsIn(play, parts)] }
}

function idleOf(task: PlayTask, error?: NotTakenError): Pick<NotTaken, 'isIdle'> {
  return isIdleTask(task) || error?.isIdle === true ? { isIdle: true } : {}
}

// Throws {@link NotTakenError} for a task after one that may end the play for a switch, as only a run can.
function requireNotEnded(task: PlayTask, ended: PlayTask | undefined) {
  if (ended !== undefined && !isIdleTask(task))
    throw new NotTakenError(`the play may have ended for a switch in line ${ended.at.line} of ${ended.at.file}`)
}

function judges({ module }: PlayTask) {
  return module === 'assert' || module === 'fail'
}

function judgementsIn({ tasks }: Play, parts: readonly Part[]): readonly NotTaken[] {
  const [end] = parts.slice(-1)
  const last = end === undefined ? -1 : tasks.indexOf(end.task)
  return tasks.flatMap((task, index) => {
    if (!judges(task)) return []
    const one = { at: task.at, what: taskWords(task) }
    if (index > last) return [{ ...one, why: 'it changes no switch', isIdle: true as const }]
    return [{ ...one, why: 'the lines of later tasks are planned whether it holds or not' }]
  })
}

function mayEnd({ module, args }: PlayTask) {
  return module === 'meta' && /^end_(?:host|play|batch|role)$/.test(String(args['*']))
}

interface Before {
  readonly written: readonly WrittenFile[]
  readonly before: readonly Part[]
}

function partOf(task: PlayTask, play: Play, project: AnsibleProject, { written, before }: Before): Part {
  const lines = linesOfTask(task, { tree: project.tree, written })
  const when = task.when.filter((condition) => !isAboutSystem(condition, project.systems))
  const isFact = task.module === 'set_fact'
  if (isFact && task.loop !== undefined) throw new NotTakenError('a fact that is set in a loop is not taken over')
  const set = before.flatMap((part) => (part.isFact ? Object.keys(part.task.args) : []))
  requireOneValue(task, set)
  const loop = task.loop?.variable
  // What a value of the task names of its loop is known within it only.
  const [within, around] = split(Object.entries(task.vars), ([, value]) => loop !== undefined && says(value, loop))
  const inner = [
    ...settings(Object.fromEntries(within)),
    ...(isFact ? settings(without(task.args, 'cacheable')) : []),
    lines.text,
  ]
  const judged =
    when.length === 0
      ? inner
      : [`{% if ${when.map((condition) => `(${plainCondition(condition)})`).join(' and ')} %}`, ...inner, '{% endif %}']
  const looped = task.loop === undefined ? judged : loopText(task.loop, judged)
  // Without the sign that would end the comment: what comes behind it would be lines of the change.
  const place = visibleLine(`${task.at.file}:${task.at.line} ${taskWords(task)}`).replaceAll('#', '')
  const body = [...settings(Object.fromEntries(around)), ...looped].filter((line) => line !== '')
  // What a task sets is its own: a later one of the same name reads the variable of the switch.
  const isOwn = !isFact && body.some((line) => line.startsWith('{% set '))
  const text = [`{# ${place} #}`, ...(isOwn ? ['{% with %}', ...body, '{% endwith %}'] : body)].join('\n')
  requireClear(text, play, { set, given: [...Object.keys(task.vars), task.loop?.variable ?? ''] }, project)
  const facts = before.flatMap((part) => (part.isFact ? [part.text] : []))
  requireKnown([...preludeOf(play, text, project.tree), ...facts, text].join('\n'), play.params, project)
  return { task, lines, text, isFact }
}

// Throws {@link NotTakenError} where a fact has the name of a value of the task: the fact wins there.
function requireOneValue({ module, vars }: PlayTask, set: readonly string[]) {
  const twice = Object.keys(vars).find((name) => set.includes(name))
  if (twice !== undefined) throw new NotTakenError(`\`${twice}\` is a fact and a value of the task`)
  if (module === 'set_fact' && Object.keys(vars).length > 0)
    throw new NotTakenError('it sets a fact from values of the task')
}

// Throws {@link NotTakenError} where a text names what has no one value before a run, also where it asks first whether there is one.
function requireClear(
  text: string,
  play: Play,
  { set, given }: { readonly set: readonly string[]; readonly given: readonly string[] },
  { tree, variables }: AnsibleProject,
) {
  const prelude = preludeOf(play, text, tree)
  const named = namesIn([...prelude, text, ...includedBy(text, tree)].join('\n'))
  for (const name of named) {
    if (given.includes(name) || set.includes(name)) continue
    const why = unclearOf(play).get(name)
    if (why !== undefined) throw new NotTakenError(`\`${name}\` ${why}`)
    if (name.startsWith('ansible_') && !variables.has(name))
      throw new NotTakenError(`\`${name}\` is no variable of a switch: it is a fact, a result, or given at the run`)
  }
  // Ansible reads a value of a play when it is used, with the facts of then.
  const made = rowsOf(play).find(
    (row) => prelude.includes(row.text) && set.some((fact) => fact !== row.name && row.words.has(fact)),
  )
  if (made !== undefined) throw new NotTakenError(`\`${made.name}\` is made of a fact`)
}

function namesIn(text: string): ReadonlySet<string> {
  return wordsOf((text.match(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g) ?? []).join('\n'))
}

function loopText(loop: NonNullable<PlayTask['loop']>, judged: readonly string[]) {
  requireName(loop.variable)
  return [`{% for ${loop.variable} in ${itemsOf(loop)} %}`, ...judged, '{% endfor %}']
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

function says(value: RosterValue, name: string) {
  return wordsOf(expressionOf(value)).has(name)
}

function itemsOf({ items, isFlat }: NonNullable<PlayTask['loop']>) {
  const list = expressionOf(items)
  const mayHold = !Array.isArray(items) || items.some((item) => Array.isArray(item) || hasTemplate(item))
  return isFlat && mayHold ? `${list} | flatten(1)` : list
}

// Throws {@link NotTakenError} where a template reads what only a run knows, or cannot be read.
function requireKnown(text: string, params: readonly string[], { tree, variables }: AnsibleProject) {
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

function reasonOf({ message }: TemplateFault) {
  const [, name] = /^`(\w+)` is not defined$/.exec(message) ?? []
  if (name === undefined) return message
  return `\`${name}\` is no variable of a switch: it is a fact, a result, or given at the run`
}

function setIn(text: string) {
  return [...text.matchAll(/\{%-?\s*(?:set|for)\s+(\w+)/g)].map(([, name]) => name ?? '')
}

function noteEdited({ module, args }: PlayTask, written: WrittenFile[]) {
  if (!/^(?:lineinfile|blockinfile|replace|copy|assemble)$/.test(module)) return
  const dest = args.path ?? args.dest
  if (typeof dest === 'string') written.push({ dest })
}

function noteWritten({ args, folders, when, loop, vars }: PlayTask, { tree }: AnsibleProject, written: WrittenFile[]) {
  const { src, dest } = args
  if (typeof src !== 'string' || typeof dest !== 'string') throw new NotTakenError('its `src` or `dest` is no text')
  const isPlain = when.length === 0 && loop === undefined && Object.keys(vars).length === 0 && !hasTemplate(src)
  written.push({ dest, ...(isPlain ? { template: templateFile(src, { folders, tree }) } : {}) })
}

function without(values: RosterMap, key: string): RosterMap {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key))
}

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
  const isGroup = roster.groups.has(given) && !/^all$|:/.test(given)
  if (isGroup) return { selector: `group:${given}` }
  return { selector: meant.size === switches.length ? "'*'" : [...meant].join(' or ') }
}

// Throws {@link NotTakenError} for that of another.
function isAboutSystem(condition: string, systems: readonly string[]) {
  if (!/\bansible_network_os\b/.test(condition)) return false
  const holds = systems.map((system) => {
    const rendered = render(
      { file: '', text: `{{ (${plainCondition(condition)}) | bool }}` },
      { variables: [['ansible_network_os', valueFrom(system)]] },
    )
    return rendered.ok ? rendered.text : undefined
  })
  if (holds.every((held) => held === 'True')) return true
  if (holds.some((held) => held !== 'False'))
    throw new NotTakenError(`its condition is known only in a run: ${condition}`)
  throw new NotTakenError('it is for switches of another system')
}

function plainCondition(condition: string) {
  return condition.trim().replace(/^\{\{([\s\S]*)\}\}$/, '$1')
}
