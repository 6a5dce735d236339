import { TextMemory } from '../../../model/text-memory.ts'
import { textIn } from '../call/arguments.ts'
import { type TrimOptions, withPlainLineEnds } from '../syntax/lexer.ts'
import { type Body, type Statement, walk } from '../syntax/nodes.ts'
import { parseTemplate } from '../syntax/parse-template.ts'
import { sequenceOf, TemplateFault, type Value, wrong } from '../value/value.ts'
import { callFaults, type Evaluator } from './evaluate.ts'
import { executorOf, type RenderPlace } from './execute.ts'
import { ImportedTemplate, Scope } from './scope.ts'

export interface TemplateText {
  readonly file: string
  readonly text: string
}

export type FindTemplate = (name: string) => TemplateText | undefined

export interface LoadedTemplate extends TemplateText {
  readonly base: number
  readonly body: Body
}

interface Module {
  readonly text: string
  readonly names: ImportedTemplate
}

interface Around {
  readonly globals: Scope
  readonly outermost: Scope
}

export type Templates = ReturnType<typeof templatesOf>

export function templatesOf(
  find: FindTemplate,
  trimming: TrimOptions,
  { outermost, globals }: Around,
  evaluator: Evaluator,
) {
  // Jinja2 makes it once.
  const modules = new Map<string, Module>()
  const loaded = new Map<string, LoadedTemplate>()
  const { budget } = evaluator
  const executor = executorOf(evaluator, { namesIn, included, imported })
  let nextBase = 0

  function placeOf(offset: number): { template: TemplateText; offset: number } | undefined {
    const template = [...loaded.values()].findLast(({ base }) => base <= offset)
    return template === undefined ? undefined : { template, offset: offset - template.base }
  }

  function textsRead(): readonly TemplateText[] {
    return [...loaded.values()].map(({ file, text }) => ({ file, text }))
  }

  function renderTemplate(template: TemplateText): string {
    return rendered(load(template), new Scope(outermost))
  }

  function namesIn(value: Value) {
    const items = sequenceOf(value)
    return items === undefined
      ? [textIn(value, 'the name of a template')]
      : items.map((item) => textIn(item, 'the name of a template'))
  }

  function included(names: readonly string[], mayBeMissing: boolean, context: Scope | undefined): string | undefined {
    const template = firstNamed(names)
    if (template !== undefined)
      return context === undefined ? budget.text(moduleOf(template).text) : rendered(template, context.copied())
    if (mayBeMissing) return undefined
    throw notThere(names)
  }

  function imported(names: readonly string[], context: Scope | undefined) {
    const template = firstNamed(names)
    if (template === undefined) throw notThere(names)
    return context === undefined ? moduleOf(template).names : moduleMade(template, context.copied()).names
  }

  function moduleOf(template: LoadedTemplate): Module {
    const module = modules.get(template.file) ?? moduleMade(template, new Scope(globals))
    modules.set(template.file, module)
    return module
  }

  function moduleMade(template: LoadedTemplate, scope: Scope): Module {
    return { text: rendered(template, scope), names: new ImportedTemplate(scope.own()) }
  }

  function firstNamed(names: readonly string[]) {
    for (const name of names) {
      const found = find(name)
      if (found !== undefined) return load(found)
    }
    return undefined
  }

  function load(template: TemplateText) {
    const known = loaded.get(template.file)
    if (known !== undefined) return known
    const base = nextBase
    const text = withPlainLineEnds(template.text)
    nextBase += text.length + 1
    // Known before it is parsed, so that a fault of its syntax has its place.
    loaded.set(template.file, { file: template.file, text, base, body: [] })
    // Ansible drops the last line break of a file that is included, imported or extended (Jinja2's `keep_trailing_newline` is off there).
    const read = { file: template.file, text, base, body: bodyOf(text.replace(/\n$/, ''), trimming, base) }
    loaded.set(template.file, read)
    return read
  }

  function rendered(
    template: LoadedTemplate,
    root: Scope,
    below: ReadonlyMap<string, readonly Body[]> = new Map(),
  ): string {
    const blocks = withBlocksOf(template.body, below)
    const place: RenderPlace = { scope: root, root, blocks, depth: 0 }
    root.set('self', executor.selfOf(place))
    const extending = template.body.findIndex(({ kind }) => kind === 'extends')
    const extend = template.body[extending]
    if (extend?.kind !== 'extends') return executor.textIn(template.body, place)
    const before = executor.textIn(template.body.slice(0, extending), place)
    const parent = firstNamed(namesIn(evaluator.evaluated(extend.template, root)))
    if (parent === undefined) throw notThere([], extend.offset)
    executor.textIn(template.body.slice(extending + 1).filter(isSilent), place)
    return before + executor.nested(() => rendered(parent, root, blocks))
  }

  return { placeOf, read: textsRead, render: renderTemplate }
}

function bodyOf(text: string, trimming: TrimOptions, base: number) {
  const read = `${trimming.trimBlocks} ${trimming.lstripBlocks} ${base} ${text}`
  const known = bodies.get(read)
  if (known !== undefined) return known
  const body = parseTemplate(text, trimming, base)
  const [fault] = callFaults(body)
  if (fault !== undefined) throw fault
  return bodies.keep(read, body)
}

const bodies = new TextMemory<Body>()

function isSilent({ kind }: Statement) {
  return !['text', 'output', 'block', 'include', 'call-block', 'filter-block', 'extends'].includes(kind)
}

function withBlocksOf(body: Body, below: ReadonlyMap<string, readonly Body[]>) {
  const blocks = new Map(below)
  const own = new Set<string>()
  walk(body, {
    statement: (node) => {
      if (node.kind !== 'block') return
      if (own.has(node.name))
        throw new TemplateFault(
          'template-syntax',
          `there are two blocks \`${node.name}\``,
          'give each its name',
          node.offset,
        )
      own.add(node.name)
      if (node.required && !below.has(node.name))
        throw new TemplateFault(
          'template-error',
          `the block \`${node.name}\` is required and not there`,
          'add it to the template that extends this one',
          node.offset,
        )
      blocks.set(node.name, [...(below.get(node.name) ?? []), node.body])
    },
  })
  return blocks
}

function notThere(names: readonly string[], offset?: number) {
  const fault = wrong(
    `there is no template ${names.map((name) => `\`${name}\``).join(' and no ') || 'of that name'} in the project`,
    'name a file of the project, beside the template or from its root',
  )
  if (offset !== undefined) fault.offset = offset
  return fault
}
