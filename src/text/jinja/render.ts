import { withoutHeader } from './header.ts'
import { evaluatorOf } from './run/evaluate.ts'
import { type FindName, globalNames, OutermostScope, Scope } from './run/scope.ts'
import { type FindTemplate, type Templates, type TemplateText, templatesOf } from './run/templates.ts'
import type { TrimOptions } from './syntax/lexer.ts'
import { Budget, TemplateFault, tooLarge, type Value } from './value/value.ts'

export interface RenderOptions {
  readonly variables: Iterable<readonly [string, Value]>
  /** Finds the value of a name when the template asks for it, before `variables`; without it there are only these. */
  readonly name?: FindName
  readonly find?: FindTemplate
  readonly trimming?: TrimOptions
}

export type RenderResult =
  | { readonly ok: true; readonly text: string; readonly templates: readonly TemplateText[] }
  | { readonly ok: false; readonly fault: TemplateFault; readonly template: TemplateText; readonly offset: number }

/** Blocks leave no blank lines, as network engineers expect: both are on in Ansible's and AVD's templates. */
export const TRIMMING: TrimOptions = { trimBlocks: true, lstripBlocks: true }

/** Renders a template as Jinja2 3.1 does with Ansible's filters, tests and way of printing; never throws for what is in it. */
export function render(
  template: TemplateText,
  { variables, name = () => undefined, find = () => undefined, trimming = TRIMMING }: RenderOptions,
): RenderResult {
  const evaluator = evaluatorOf(new Budget())
  const globals = globalNames(evaluator.budget)
  const around = {
    globals: new Scope(undefined, globals),
    outermost: new OutermostScope([...globals, ...variables], name),
  }
  let templates: Templates | undefined
  let skipped = 0
  try {
    const own = withoutHeader(template.text, trimming)
    skipped = own.skipped
    templates = templatesOf(find, own.trimming, around, evaluator)
    const text = templates.render({ file: template.file, text: own.text })
    return { ok: true, text: text + own.lineEnds(text), templates: templates.read() }
  } catch (thrown) {
    const fault = faultOf(thrown)
    const place = fault.offset === undefined ? undefined : templates?.placeOf(fault.offset)
    if (place === undefined || place.template.file === template.file)
      return { ok: false, fault, template, offset: (place?.offset ?? 0) + skipped }
    return { ok: false, fault, ...place }
  }
}

function faultOf(thrown: unknown) {
  if (thrown instanceof TemplateFault) return thrown
  if (thrown instanceof RangeError) return tooLarge()
  throw thrown
}
