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

/** A template that was read: the name of its file and its text. */
export interface TemplateText {
  readonly file: string
  readonly text: string
}

/** Finds a template that another one names; undefined where there is none that may be read. */
export type FindTemplate = (name: string) => TemplateText | undefined

/** A template and where its offsets begin. */
export interface LoadedTemplate extends TemplateText {
  readonly base: number
  readonly body: Body
}

/** The text of a template, and the macros and names that it gives. */
interface Module {
  readonly text: string
  readonly names: ImportedTemplate
}

/** What is around every template: what each of them can call, and the same with the variables. */
interface Around {
  readonly globals: Scope
  readonly outermost: Scope
}

/** The templates of one rendering: the first one, and those that it includes, imports and extends. */
export class Templates implements OtherTemplates {
  readonly #find: FindTemplate
  readonly #trimming: TrimOptions
  readonly #outermost: Scope
  readonly #globals: Scope
  readonly #budget: Budget
  /** By file: what a template is where it is taken in without context. Jinja2 makes it once. */
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

  /** The template in which an offset is, and the offset there. */
  placeOf(offset: number): { template: TemplateText; offset: number } | undefined {
    const template = [...this.#loaded.values()].findLast(({ base }) => base <= offset)
    return template === undefined ? undefined : { template, offset: offset - template.base }
  }

  /** All that were read, in the order in which they were. */
  read(): readonly TemplateText[] {
    return [...this.#loaded.values()].map(({ file, text }) => ({ file, text }))
  }

  /** Renders the first template. */
  render(template: TemplateText): string {
    return this.#rendered(this.#load(template), new Scope(this.#outermost))
  }

  /** The names that `include` and its like are given: one, or several of which the first that is there is taken. */
  namesIn(value: Value): readonly string[] {
    const items = sequenceOf(value)
    return items === undefined
      ? [textIn(value, 'the name of a template')]
      : items.map((item) => textIn(item, 'the name of a template'))
  }

  /** The text of an included template; undefined where it is missing and may be. Without `context` it sees no variable. */
  included(names: readonly string[], mayBeMissing: boolean, context: Scope | undefined): string | undefined {
    const template = this.#named(names)
    if (template !== undefined)
      return context === undefined
        ? this.#budget.text(this.#module(template).text)
        : this.#rendered(template, context.copied())
    if (mayBeMissing) return undefined
    throw notThere(names)
  }

  /** The macros and names of an imported template. Without `context` it sees no variable. */
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

  /** Renders a template; what it extends comes around it. */
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

/** The statements of a template that may be rendered: each is, for each switch of a change, several times. */
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

/** What a template that extends another one does outside its blocks, besides printing. */
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
