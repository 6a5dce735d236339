import { InventoryFault } from '../../../../change/roster/ansible/fault.ts'
import { fileText, joined } from '../../../../change/roster/ansible/file-text.ts'
import { ANSIBLE_TAGS, isMap } from '../../../../change/roster/ansible/read-yaml.ts'
import { shellWords, WordsFault } from '../../../../change/roster/ansible/shell-words.ts'
import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import { typedLines } from '../../../../eos/config/rules/typed-lines.ts'
import { scanOutline } from '../../../../eos/config/text/tree.ts'
import type { Place } from '../../../../model/error.ts'
import { render } from '../../../../text/jinja/render.ts'
import type { Tree } from '../../../../text/source/located.ts'
import { readYaml11, type Yaml11 } from '../../../../text/yaml-1-1/read.ts'
import { expressionOf, hasTemplate, NotTakenError } from './jinja-text.ts'
import type { NotTaken, PlayTask } from './play.ts'
import { RESOURCE_MODULES, type ResourceModule, strangeKey } from './resource-modules.ts'

export interface TaskLines {
  readonly text: string
  readonly mode: 'merge' | 'replace'
  readonly notes: readonly string[]
}

export interface WrittenFile {
  readonly dest: string
  readonly template?: string
}

interface TaskSurroundings {
  readonly tree: Tree
  readonly written: readonly WrittenFile[]
}

// Modules that show, judge, wait or write files where Ansible runs: none changes a switch.
const IDLE =
  /^(?:(?:eos_|gather_|package_|service_)?facts|setup|debug|assert|fail|pause|wait_for|wait_for_connection|meta|ping|file|copy|assemble|lineinfile|blockinfile|stat|find|fetch|slurp|get_url|add_host|group_by|validate_argument_spec|mail|slack|archive|git)$/

const COMMANDS = /^(?:eos|cli)_command$/
const READS =
  /^(?:show|dir|more|ping|traceroute|enable|terminal|write(?: memory)?$|copy running-config startup-config$)(?: |$)/

export function isIdleTask({ module, args, dropped }: Pick<PlayTask, 'module' | 'args' | 'dropped'>): boolean {
  if (dropped.includes(CHECK_MODE) || IDLE.test(module)) return true
  if (module === 'uri') return /^(?:GET|HEAD|OPTIONS)$/i.test(String(args.method ?? 'GET'))
  if (COMMANDS.test(module)) return onlyReads(args.commands ?? args.command ?? args['*'])
  return RESOURCE_MODULES[module] !== undefined && /^(?:gathered|rendered|parsed)$/.test(String(args.state))
}

function onlyReads(commands: RosterValue | undefined) {
  return [commands].flat().every((given) => {
    const command = given !== undefined && isMap(given) ? given.command : given
    return (
      typeof command === 'string' && command.split('\n').every((line) => line.trim() === '' || READS.test(line.trim()))
    )
  })
}

export function isSavingHandler(entry: RosterMap): boolean {
  return Object.entries(entry).some(([key, given]) => {
    const module = bareName(key)
    if (module !== 'eos_config' && !COMMANDS.test(module)) return false
    const args = moduleArguments(given, {}) ?? {}
    if (module !== 'eos_config') return isIdleTask({ module, args, dropped: [] })
    return TYPED.every((word) => args[word] === undefined)
  })
}

const TYPED = ['src', 'lines', 'commands', 'content', 'before', 'after', '*']

const REASONS: Readonly<Record<string, string>> = {
  eos_command: 'it types more than commands that only read',
  cli_command: 'it types more than commands that only read',
  shell: 'what it runs is not looked at: it may change a switch',
  command: 'what it runs is not looked at: it may change a switch',
  uri: 'what it sends is not looked at: it may change a switch',
  include_vars: 'its variables are not read: use group_vars',
}

/** Throws {@link NotTakenError} for what cannot be said without a run. */
export function linesOfTask(task: PlayTask, made: TaskSurroundings): TaskLines {
  if (isIdleTask(task)) throw new NotTakenError('it changes no switch', true)
  if (task.dropped.includes(NEVER)) throw new NotTakenError('it runs only if its tag is asked for')
  const stopping = task.dropped.filter(
    (word) => ['delegate_to', 'run_once', 'check_mode'].includes(word) || word.startsWith('with_'),
  )
  if (task.vars.ansible_host !== undefined) stopping.push('ansible_host')
  if (stopping.length > 0) throw new NotTakenError(`\`${stopping.join('`, `')}\` has no meaning in a plan`)
  if (mayLeadElsewhere(task.args.provider)) throw new NotTakenError('its `provider` may name another switch')
  if (task.module === 'eos_config') return configLines(task, made)
  const module = RESOURCE_MODULES[task.module]
  if (module !== undefined) return resourceLines(task, module)
  if (task.module === 'set_fact') return { text: '', mode: 'merge', notes: [] }
  throw new NotTakenError(REASONS[task.module] ?? 'its lines are not known: write them, or leave the task to Ansible')
}

const OWN_HOST = /^\{\{\s*(?:inventory_hostname|ansible_host)\s*\}\}$/

function mayLeadElsewhere(provider: RosterValue | undefined) {
  if (provider === undefined || provider === null) return false
  const host = isMap(provider) ? provider.host : provider
  return host !== undefined && host !== null && !(isMap(provider) && OWN_HOST.test(String(host)))
}

const CONFIG_ARGUMENTS = [
  ...['src', 'lines', 'commands', 'content', 'parents', 'before', 'after', 'match', 'replace'],
  // A plan shows the difference, a snapshot is always kept, and what is confirmed is saved.
  ...[
    'backup',
    'backup_options',
    'save_when',
    'save',
    'diff_against',
    'diff_ignore_lines',
    'intended_config',
    'defaults',
    'provider',
    'config',
    'running_config',
  ],
]

const LOOKED_UP = /^\{\{\s*lookup\(\s*'(?:ansible\.builtin\.)?template'\s*,\s*'([^']+)'\s*\)\s*\}\}$/

function configLines({ args, folders }: PlayTask, { tree, written }: TaskSurroundings): TaskLines {
  if (args['*'] !== undefined) throw new NotTakenError('its arguments are one text: write them as a mapping')
  const strange = Object.keys(args).find((key) => !CONFIG_ARGUMENTS.includes(key))
  if (strange !== undefined) throw new NotTakenError(`eosflow does not know its argument \`${strange}\``)
  const mode = args.replace === 'config' ? 'replace' : 'merge'
  const content = typeof args.content === 'string' ? args.content : undefined
  const src = args.src ?? LOOKED_UP.exec(content?.trim() ?? '')?.[1]
  if (src !== undefined) return { text: includedText(src, { folders, tree, written }), mode, notes: [] }
  if (mode === 'replace') throw new NotTakenError('`replace: config` needs a whole configuration in `src`')
  return { text: content ?? typedText(args), mode, notes: [] }
}

function typedText(args: RosterMap) {
  const lines = textsOf(args.lines ?? args.commands)
  if (lines === undefined) throw new NotTakenError('it only saves, keeps or compares', true)
  const [before = [], after = [], parents = []] = [args.before, args.after, args.parents].map(textsOf)
  return nested(before, parents, lines, after)
}

function textsOf(value: RosterValue | undefined) {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' && value.includes(',') && !hasTemplate(value))
    throw new NotTakenError(`Ansible reads \`${value}\` as a list with commas: write a list`)
  return (Array.isArray(value) ? value : [value]).flatMap((item) => {
    if (typeof item === 'string' || typeof item === 'number') return linesOf(String(item))
    throw new NotTakenError('a line of it is no text')
  })
}

function linesOf(text: string) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length > 1 && /\{[%#]/.test(text))
    throw new NotTakenError('a template of it has several lines: write it as `src`')
  return lines.map((line) => (/[%#]\}$/.test(line) ? `${line}{{ '' }}` : line))
}

const WHOLE = /^\{\{((?:(?!\}\})[\s\S])*)\}\}$/
const LOOPED = '{%'

function nested(
  before: readonly string[],
  parents: readonly string[],
  lines: readonly string[],
  after: readonly string[],
) {
  const inner = lines.filter((line) => !parents.includes(line))
  const depths = depthsOf([...parents, ...inner, ...after])
  const typed = (line: string, depth: number) => {
    const [, whole] = WHOLE.exec(line) ?? []
    const indent = '   '.repeat(depth)
    if (whole === undefined) return `${indent}${line}`
    const list = `([${whole.trim()}] | flatten)`
    return [`${LOOPED} for line in ${list} %}`, `${indent}{{ line }}`, `${LOOPED} endfor %}`].join('\n')
  }
  return [
    ...before.map((line) => typed(line, 0)),
    ...parents.map((line, depth) => typed(line, depth)),
    ...inner.map((line, index) => typed(line, Math.max(parents.length, depths[parents.length + index] ?? 0))),
    ...after.map((line, index) => typed(line, depths[parents.length + inner.length + index] ?? 0)),
  ].join('\n')
}

function depthsOf(lines: readonly string[]) {
  const text = lines.map((line) =>
    line.replace(/\{\{((?:(?!\}\})[\s\S])*)\}\}/g, line.startsWith('interface') ? 'Ethernet1' : '1'),
  )
  return typedLines(scanOutline(text.join('\n')), 'merge').map(({ above }) => above.length)
}

function includedText(src: RosterValue, { folders, tree, written }: Lookup) {
  if (typeof src !== 'string') throw new NotTakenError('its `src` is no text')
  const found = written.filter(({ dest }) => isSameFile(dest, src))
  if (found.some(({ template }) => template === undefined) || found.length > 1)
    throw new NotTakenError('the file of its `src` is written by several tasks, or under a condition')
  const [file] = found
  if (file?.template !== undefined) return `{% include ${expressionOf(`../../${file.template}`)} %}`
  return `{% include ${expressionOf(`../../${templateFile(src, { folders, tree })}`)} %}`
}

interface Lookup extends TaskSurroundings {
  readonly folders: readonly string[]
}

/** The file of a template from the project, looked for as Ansible does; it may be named by variables. Throws {@link NotTakenError}. */
export function templateFile(src: string, { folders, tree }: Pick<Lookup, 'folders' | 'tree'>): string {
  const named = src.replace(/\{\{\s*(?:playbook_dir|role_path)\s*\}\}\//, '')
  if (/^(?:\/|~|https?:)/.test(named)) throw new NotTakenError('its `src` lies outside of the project')
  const places = folders.flatMap((folder) => [joined(folder, 'templates'), joined(folder, 'files'), folder])
  if (!hasTemplate(named)) {
    const found = places.map((folder) => joined(folder, named)).find((path) => tree.file(path) !== undefined)
    if (found === undefined) throw new NotTakenError(`there is no file \`${named}\` in templates/`)
    if (found.startsWith('..')) throw new NotTakenError('its `src` lies outside of the project')
    return found
  }
  // A name that is made of variables: its folder has to be there.
  const fixed = named.slice(0, named.indexOf('{{'))
  const within = fixed.slice(0, fixed.lastIndexOf('/') + 1)
  const folder = places.find((path) => tree.folder(joined(path, within === '' ? '.' : within)) !== undefined)
  if (folder === undefined || folder.startsWith('..'))
    throw new NotTakenError('the folder of its `src` is not in the project')
  return joined(folder, named)
}

export function isSameFile(written: string, read: string): boolean {
  const [one, other] = [written, read].map((path) =>
    path.replaceAll(/\s+/g, '').replace(/^(?:\{\{playbook_dir\}\}\/|\.\/)/, ''),
  )
  if (one === other) return true
  const isMade = [one, other].some((path = '') => path.slice(0, path.lastIndexOf('/') + 1).includes('{{'))
  const last = (path = '') => path.split('/').slice(-2).join('/')
  return isMade && last(one) === last(other)
}

function resourceLines({ args }: PlayTask, module: ResourceModule): TaskLines {
  const state = args.state ?? 'merged'
  const text = typeof state === 'string' ? module.states[state] : undefined
  if (text === undefined || typeof state !== 'string') {
    const known = Object.keys(module.states).join(', ')
    throw new NotTakenError(`what \`state: ${String(state)}\` types depends on what the switch has (taken: ${known})`)
  }
  const { config } = args
  if (config === undefined || config === null) throw new NotTakenError('it has no `config`')
  const strange = typeof config === 'string' ? undefined : strangeKey(config, module.keys)
  if (strange !== undefined) throw new NotTakenError(`eosflow does not know its key \`${strange}\``)
  const omitted = JSON.stringify(config).includes('omit') ? '{% set omit = none %}\n' : ''
  const whole = `${omitted}{% set config = ${expressionOf(config)} %}\n${text}`
  const notes = module.note !== undefined && JSON.stringify(config).includes('trunk_allowed_vlans') ? [module.note] : []
  if (hasTemplate(config)) return { text: whole, mode: 'merge', notes }
  const rendered = render({ file: '', text: whole }, { variables: [] })
  if (!rendered.ok) throw new NotTakenError(`its \`config\` cannot be read: ${rendered.fault.message}`)
  return { text: rendered.text.replaceAll(/\n{2,}/g, '\n').trimEnd(), mode: 'merge', notes }
}

// Keywords of a task that a plan needs no more: they say how Ansible connects, shows, tags or counts.
const SILENT_KEYWORDS: ReadonlySet<string> = new Set([
  'args',
  'become',
  'become_method',
  'become_user',
  'block',
  'changed_when',
  'check_mode',
  'connection',
  'debugger',
  'diff',
  'gather_facts',
  'loop',
  'loop_control',
  'module_defaults',
  'name',
  'no_log',
  'notify',
  'register',
  'rescue',
  'tags',
  'vars',
  'when',
  'with_items',
  'with_list',
])

// Keywords that change what Ansible does, and that are named where a task has them.
const OTHER_KEYWORDS: ReadonlySet<string> = new Set([
  'always',
  'any_errors_fatal',
  'async',
  'delay',
  'delegate_facts',
  'delegate_to',
  'environment',
  'failed_when',
  'ignore_errors',
  'ignore_unreachable',
  'listen',
  'poll',
  'retries',
  'run_once',
  'throttle',
  'timeout',
  'until',
])

/** Whether a key of a task is no module. */
export function isTaskKeyword(key: string): boolean {
  return SILENT_KEYWORDS.has(key) || OTHER_KEYWORDS.has(key) || key.startsWith('with_')
}

/** What a task, a block, an import or a role says that changes how Ansible runs it; `tags: never` and `check_mode` are so if they hold. */
export function droppedOf(entry: RosterMap): readonly string[] {
  const words = Object.keys(entry).filter((word) => isTaskKeyword(word) && !SILENT_KEYWORDS.has(word))
  const isNever = [entry.tags].flat().some((tag) => typeof tag === 'string' && /(?:^|,)\s*never\s*(?:,|$)/.test(tag))
  const { check_mode: checked } = entry
  const mode = checked === true ? [CHECK_MODE] : typeof checked === 'string' ? ['check_mode'] : []
  return [...words, ...(isNever ? [NEVER] : []), ...mode]
}

const NEVER = 'tags: never'
const CHECK_MODE = 'check_mode: true'

export function roleParameters(role: RosterMap): RosterMap {
  const isOwn = (key: string) => isTaskKeyword(key) || key === 'role' || key.endsWith('_from')
  return Object.fromEntries(Object.entries(role).filter(([key]) => !isOwn(key)))
}

export function bareName(module: string): string {
  return module.replace(/^(?:[a-z0-9_]+\.){2}/, '')
}

/** The arguments of a module, also where they are written as `key=value`; `*` is a text that is no such pair. */
export function moduleArguments(given: RosterValue, more: RosterMap): RosterMap | undefined {
  if (given === null) return more
  if (isMap(given)) return { ...more, ...given }
  if (typeof given !== 'string') return undefined
  const pairs = wordsOf(given).map((word) => /^(\w+)=([\s\S]*)$/.exec(word))
  if (pairs.length === 0 || pairs.some((pair) => pair === null)) return { ...more, '*': given }
  return { ...more, ...Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])) }
}

function wordsOf(text: string) {
  try {
    return shellWords(text)
  } catch (error) {
    if (error instanceof WordsFault) return []
    throw error
  }
}

export interface ReadFile {
  readonly file: string
  readonly yaml: Yaml11
}

export function yamlIn(tree: Tree, path: string): ReadFile | NotTaken | undefined {
  return readFile(tree, `${path}.yml`) ?? readFile(tree, `${path}.yaml`)
}

const known = new WeakMap<Tree, Map<string, ReadFile | NotTaken | undefined>>()

/** A file as YAML of Ansible, read once; what is wrong with it where it is none. */
export function readFile(tree: Tree, file: string): ReadFile | NotTaken | undefined {
  const files = known.get(tree) ?? new Map<string, ReadFile | NotTaken | undefined>()
  known.set(tree, files)
  if (!files.has(file)) files.set(file, parsed(tree, file))
  return files.get(file)
}

function parsed(tree: Tree, file: string): ReadFile | NotTaken | undefined {
  if (tree.file(file) === undefined) return undefined
  try {
    const { text } = fileText(tree, file, undefined)
    const read = readYaml11(text, file, { tags: ANSIBLE_TAGS, markDepth: Number.POSITIVE_INFINITY })
    if (read.ok) return { file, yaml: read.value }
    const [{ at, message }] = read.problems
    return { at, what: file, why: message }
  } catch (error) {
    if (!(error instanceof InventoryFault)) throw error
    return { at: error.problem.at, what: file, why: error.problem.message }
  }
}

export function placeOf({ file, yaml }: ReadFile, container: object, key: string | number): Place {
  return { file, ...(yaml.markOf(container, key) ?? { line: 1, column: 1 }) }
}
