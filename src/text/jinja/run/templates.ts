import { TextMemory } from '../../../model/text-memory.ts'
import { textIn } from '../call/arguments.ts'
import { type TrimOptions, withPlainLineEnds } from '../syntax/lexer.ts'
import type { Body, Statement } from '../syntax/nodes.ts'
import { parseTemplate } from '../syntax/parse-template.ts'
import { walk } from '../syntax/walk.ts'
import type { Budget } from '../value/budget.ts'
import { TemplateFault, wrong } from '../value/fault.ts'
import { sequenceOf, type Value } from '../value/value.ts'
import { callFaults } from './called-names.ts'
import type { Evaluator } from './evaluate.ts'
import { Executor } from './execute.ts'
import type { OtherTemplates } from './other-templates.ts'
import type { RenderPlace } from './place.ts'
import { Scope } from './scope.ts'
import { ImportedTemplate } from './things.ts'

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

export class Templates implements OtherTemplates {
  readonly #find: FindTemplate
  readonly #trimming: TrimOptions
  readonly #outermost: Scope
  readonly #globals: Scope
  readonly #budget: Budget
  // Jinja2 makes it once.
  readonly #modules = new Map<string, Module>()
  readonly #loaded = new Map<string, LoadedTemplate>()
  readonly #executor: Executor
  #base = 0

  constructor(find: FindTemplate, trimming: TrimOptions, { outermost, globals }: Around, evaluator: Evaluator) {
    this.#find = find
    this.#trimming = trimming
    this.#outermost = outermost
    this.#globals = globals
    this.#budget = evaluator.budget
    this.#executor = new Executor(evaluator, this)
  }

  placeOf(offset: number): { template: TemplateText; offset: number } | undefined {
    const template = [...this.#loaded.values()].findLast(({ base }) => base <= offset)
    return template === undefined ? undefined : { template, offset: offset - template.base }
  }

  read(): readonly TemplateText[] {
    return [...this.#loaded.values()].map(({ file, text }) => ({ file, text }))
  }

  render(template: TemplateText): string {
    return this.#rendered(this.#load(template), new Scope(this.#outermost))
  }

  namesIn(value: Value): readonly string[] {
    const items = sequenceOf(value)
    return items === undefined
      ? [textIn(value, 'the name of a template')]
      : items.map((item) => textIn(item, 'the name of a template'))
  }

  included(names: readonly string[], mayBeMissing: boolean, context: Scope | undefined): string | undefined {
    const template = this.#named(names)
    if (template !== undefined)
      return context === undefined
        ? this.#budget.text(this.#module(template).text)
        : this.#rendered(template, context.copied())
    if (mayBeMissing) return undefined
    throw notThere(names)
  }

  imported(names: readonly string[], context: Scope | undefined): ImportedTemplate {
    const template = this.#named(names)
    if (template === undefined) throw notThere(names)
    return context === undefined ? this.#module(template).names : this.#made(template, context.copied()).names
  }

  #module(template: LoadedTemplate): Module {
    const module = this.#modules.get(template.file) ?? this.#made(template, new Scope(this.#globals))
    this.#modules.set(template.file, module)
    return module
  }

  #made(template: LoadedTemplate, scope: Scope): Module {
    const text = this.#rendered(template, scope)
    return { text, names: new ImportedTemplate(scope.own()) }
  }

  #named(names: readonly string[]): LoadedTemplate | undefined {
    for (const name of names) {
      const found = this.#find(name)
      if (found !== undefined) return this.#load(found)
    }
    return undefined
  }

  #load(template: TemplateText): LoadedTemplate {
    const known = this.#loaded.get(template.file)
    if (known !== undefined) return known
    const base = this.#base
    const text = withPlainLineEnds(template.text)
    this.#base += text.length + 1
    // Known before it is parsed, so that a fault of its syntax has its place.
    this.#loaded.set(template.file, { file: template.file, text, base, body: [] })
    // Ansible drops the last line break of a file that is included, imported or extended (Jinja2's `keep_trailing_newline` is off there).
    const loaded = { file: template.file, text, base, body: bodyOf(text.replace(/\n$/, ''), this.#trimming, base) }
    this.#loaded.set(template.file, loaded)
    return loaded
  }

  #rendered(template: LoadedTemplate, root: Scope, below: ReadonlyMap<string, readonly Body[]> = new Map()): string {
    const blocks = withBlocksOf(template.body, below)
    const place: RenderPlace = { scope: root, root, blocks, depth: 0 }
    root.set('self', this.#executor.self(place))
    const extending = template.body.findIndex(({ kind }) => kind === 'extends')
    const extend = template.body[extending]
    if (extend?.kind !== 'extends') return this.#executor.text(template.body, place)
    const before = this.#executor.text(template.body.slice(0, extending), place)
    const parent = this.#named(this.namesIn(this.#executor.valueOf(extend.template, place)))
    if (parent === undefined) throw notThere([], extend.offset)
    this.#executor.text(template.body.slice(extending + 1).filter(isSilent), place)
    return before + this.#executor.nested(() => this.#rendered(parent, root, blocks))
  }
}

function bodyOf(text: string, trimming: TrimOptions, base: number): Body {
  const read = `${trimming.trimBlocks} ${trimming.lstripBlocks} ${base} ${text}`
  const known = bodies.get(read)
  if (known !== undefined) return known
  const body = parseTemplate(text, trimming, base)
  const [fault] = callFaults(body)
  if (fault !== undefined) throw fault
  return bodies.keep(read, body)
}

const bodies = new TextMemory<Body>()

function isSilent({ kind }: Statement): boolean {
  return !['text', 'output', 'block', 'include', 'call-block', 'filter-block', 'extends'].includes(kind)
}

function withBlocksOf(body: Body, below: ReadonlyMap<string, readonly Body[]>): Map<string, readonly Body[]> {
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

function notThere(names: readonly string[], offset?: number): TemplateFault {
  const fault = wrong(
    `there is no template ${names.map((name) => `\`${name}\``).join(' and no ') || 'of that name'} in the project`,
    'name a file of the project, beside the template or from its root',
  )
  if (offset !== undefined) fault.offset = offset
  return fault
}
