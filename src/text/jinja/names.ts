import { withoutHeader } from './header.ts'
import { TRIMMING } from './render.ts'
import { argumentFaults, callFaults } from './run/evaluate.ts'
import { GLOBAL_NAMES, REFUSED_GLOBALS } from './run/scope.ts'
import { withPlainLineEnds } from './syntax/lexer.ts'
import { type Body, type Expression, walk, walkExpression } from './syntax/nodes.ts'
import { tooDeep } from './syntax/parse-expression.ts'
import { parseTemplate } from './syntax/parse-template.ts'
import { TemplateFault } from './value/value.ts'

const ASKING = [
  'default',
  'd',
  'mandatory',
  'arista.avd.default',
  'arista.avd.natural_sort',
  'defined',
  'undefined',
  'arista.avd.defined',
]

export interface TemplateNames {
  readonly faults: readonly TemplateFault[]
  readonly templates: readonly { readonly name: string; readonly offset: number; readonly mayBeMissing: boolean }[]
}

/**
 * Everything that is wrong with a template without its values: its syntax, each filter, test and name that there is
 * not, and each call that can never be good. `known` are the names that it is given; without them names are not judged.
 */
export function readTemplate(text: string, known: readonly string[] | undefined): TemplateNames {
  try {
    const { text: own, trimming, skipped } = withoutHeader(withPlainLineEnds(text), TRIMMING)
    const body = parseTemplate(own, trimming, skipped)
    return {
      faults: [
        ...callFaults(body),
        ...argumentFaults(body, known === undefined ? undefined : ownNames(body, known)),
        ...(known === undefined ? [] : nameFaults(body, known)),
      ],
      templates: namedTemplates(body),
    }
  } catch (thrown) {
    if (thrown instanceof TemplateFault) return { faults: [thrown], templates: [] }
    if (thrown instanceof RangeError) return { faults: [tooDeep(0)], templates: [] }
    throw thrown
  }
}

function ownNames(body: Body, known: readonly string[]): ReadonlySet<string> {
  const own = new Set(known)
  walk(body, { assigned: (name) => own.add(name) })
  return own
}

function nameFaults(body: Body, known: readonly string[]) {
  const given = new Set([...known, ...GLOBAL_NAMES, ...Object.keys(REFUSED_GLOBALS), 'self'])
  const used: { name: string; offset: number }[] = []
  let imports = false
  walk(body, {
    assigned: (name) => given.add(name),
    statement: ({ kind }) => {
      imports ||= kind === 'extends'
    },
    expression: (node) => {
      if (node.kind === 'name') used.push(node)
      for (const name of askedFor(node)) given.add(name)
    },
  })
  if (imports) return []
  return used
    .filter(({ name }) => !given.has(name))
    .map(({ name, offset }) => new TemplateFault('template-undefined', `\`${name}\` is not defined`, '', offset))
}

function askedFor(node: Expression): string[] {
  const asks = (node.kind === 'filter' || node.kind === 'test') && ASKING.includes(node.name)
  if (!asks) return []
  const names: string[] = []
  walkExpression(node.of, { expression: (part) => part.kind === 'name' && names.push(part.name) })
  return names
}

function namedTemplates(body: Body): TemplateNames['templates'] {
  const templates: { name: string; offset: number; mayBeMissing: boolean }[] = []
  walk(body, {
    statement: (node) => {
      if (!['include', 'import', 'from-import', 'extends'].includes(node.kind) || !('template' in node)) return
      const { template } = node
      const mayBeMissing = node.kind === 'include' && node.ignoreMissing
      if (template.kind === 'literal' && typeof template.value === 'string')
        templates.push({ name: template.value, offset: template.offset, mayBeMissing })
    },
  })
  return templates
}
